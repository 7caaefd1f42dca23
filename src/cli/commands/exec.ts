/** `edgelab exec`: a command, or a shell, in a node or router of a lab. */
import type { Command } from 'commander';
import { badInput } from '../bad-input.ts';
import { printJson, type Cli, type Shared } from '../cli.ts';
import { chooseLab, chooseNode } from '../choose-lab.ts';
import { act, shareOptions } from '../command.ts';

type Options = Shared & { lab?: string };

/** Ends with the exit code of what ran inside. */
export const addExec = (program: Command, cli: Cli): void => {
  shareOptions(program.command('exec').description('run a command in a node or router, or open a shell there'))
    .argument('<node>')
    .argument('[command...]', 'without one, a shell')
    .option('--lab <name>', 'which lab, where there are several')
    .usage('[options] <node> [-- command...]')
    .passThroughOptions()
    .action(act<Options, [string, string[]]>(cli, (options, node, command) => exec(cli, options, node, command)));
};

const shell = ['sh', '-c', 'if command -v bash >/dev/null; then exec bash; else exec sh; fi'];

const exec = async (cli: Cli, options: Options, node: string, given: readonly string[]): Promise<number> => {
  // What follows the node belongs to the command inside; an option before the `--` was meant for edgelab.
  const misplaced = given.includes('--') && given[0]?.startsWith('-') === true && given[0] !== '--' ? given[0] : undefined;
  if (misplaced !== undefined)
    throw badInput(
      'CLI001',
      `"${misplaced}" stands after the node`,
      `edgelab's own options come before it: edgelab exec ${misplaced} … ${node}`,
    );
  const engine = await cli.connect();
  const lab = await chooseLab(engine, { named: options.lab, having: ({ name }) => name === node });
  await chooseNode(engine, lab, node);
  const command = given[0] === '--' ? given.slice(1) : given;
  const argv = command.length > 0 ? command : shell;
  if (options.json === true) {
    const { code, stdout, stderr, seconds } = await engine.exec(lab, node, argv, { signal: cli.signal });
    printJson(cli, { node, code, stdout, stderr, seconds });
    return code;
  }
  return runInside(cli, await engine.interactive(lab, node, hasTerminal(cli)), argv);
};

/** Whether a session inside can have the user's terminal: it is stdin and stdout. */
export const hasTerminal = ({ stdinIsTty, stdout }: Cli): boolean => stdinIsTty && stdout.isTTY === true;

/** On the user's own terminal; Ctrl-C belongs to what runs inside. */
export const runInside = async (cli: Cli, prefix: readonly string[], argv: readonly string[]): Promise<number> => {
  const { runAttached } = await import('../../host/host.ts');
  cli.attached = true;
  const [file = 'docker', ...rest] = [...prefix, ...argv];
  return runAttached([file, ...rest]);
};
