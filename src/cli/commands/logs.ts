/** `edgelab logs`: the journal of a node that runs systemd, else the log of its container. */
import type { Command } from 'commander';
import type { Engine } from '../../engine/engine.ts';
import { exitCodes } from '../../lib/error-codes.ts';
import { badInput } from '../bad-input.ts';
import { chooseLab, chooseNode } from '../choose-lab.ts';
import { print, printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';

type Options = Shared & { lab?: string; follow?: boolean; tail: string; unit?: string };

/** Exit code 130 after Ctrl-C. With `--json --follow` each line is a document of its own. */
export const addLogs = (program: Command, cli: Cli): void => {
  shareOptions(program.command('logs').description('print the journal of a node, or the log of a router'))
    .argument('<node>')
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('-n, --tail <lines>', 'how many of the last lines', '200')
    .option('-u, --unit <name>', 'of one systemd unit only: kubelet, edgecore, containerd')
    .option('--lab <name>', 'which lab, where there are several')
    .action(act<Options, [string]>(cli, (options, node) => logs(cli, options, node)));
};

/** `$1` lines, `$2` follow or not, `$3` a unit; exit 96 means that there is no journal here. */
const journal = `[ -d /run/systemd/system ] || exit 96
set -- --no-pager --output=short-iso --lines="$1" $2 \${3:+--unit="$3"}
exec journalctl "$@"`;

const logs = async (cli: Cli, options: Options, node: string): Promise<number> => {
  const tail = Number(options.tail);
  if (!Number.isInteger(tail) || tail < 0) throw badInput('CLI001', `"${options.tail}" is not a number of lines`);
  const engine = await cli.connect();
  const lab = await chooseLab(engine, { named: options.lab, having: ({ name }) => name === node });
  await chooseNode(engine, lab, node);
  const lines: string[] = [];
  const follow = options.follow === true;
  // Followed as JSON, each line is a document of its own: there is no end to wait for.
  const take = (line: string): void => {
    if (options.json !== true) print(cli, line);
    else if (follow) cli.stdout.write(`${JSON.stringify({ node, line })}\n`);
    else lines.push(line);
  };
  const code = await readLogs(engine, lab, node, { tail, follow, unit: options.unit ?? '', signal: cli.signal, take });
  if (options.json === true && !follow) printJson(cli, { node, lines });
  return cli.signal.aborted ? exitCodes.interrupted : code;
};

type ReadOptions = { tail: number; follow: boolean; unit: string; signal: AbortSignal; take: (line: string) => void };

const readLogs = async (engine: Engine, lab: string, node: string, { tail, follow, unit, signal, take }: ReadOptions): Promise<number> => {
  const argv = ['sh', '-c', journal, 'sh', String(tail), follow ? '--follow' : '', unit];
  try {
    const { code } = await engine.exec(lab, node, argv, { signal, onLine: take });
    if (code !== 96) return code;
    for await (const line of engine.logs(lab, node, { follow, tail, signal })) take(line);
    return 0;
  } catch (error) {
    // Ctrl-C is how following ends.
    if (signal.aborted) return exitCodes.interrupted;
    throw error;
  }
};
