/** `edgelab capture`: packets of any interfaces of a lab as pcapng, into a file or down a pipe to Wireshark. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Engine } from '../../engine/engine.ts';
import type { CapturePoint, Recorded } from '../../run/run.ts';
import { badInput } from '../bad-input.ts';
import { chooseLab, chooseNode } from '../choose-lab.ts';
import { note, printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { showPath } from '../topology-file.ts';
import { withUserFile } from '../user-file.ts';

type Options = Shared & { lab?: string; out?: string; seconds: string; maxMb: string };

/** Ctrl-C is how a capture ends: exit code 0. */
export const addCapture = (program: Command, cli: Cli): void => {
  shareOptions(program.command('capture').description('capture packets as pcapng, for Wireshark'))
    .argument('<where>', 'node or site, also several with commas; node:interface is one interface, else all')
    .argument('[filter...]', 'in the words of tcpdump: udp port 53')
    .option('--lab <name>', 'which lab, where there are several')
    .option('-o, --out <file>', 'file to write, - for stdout (default: <lab>-<where>.pcapng)')
    .option('--seconds <n>', 'end after this time', '600')
    .option('--max-mb <n>', 'end when the file has this size', '100')
    .addHelpText('after', '\nLive: edgelab capture lan-a-router:wan0 -o - | wireshark -k -i -')
    .action(act<Options, [string, string[]]>(cli, (options, where, filter) => capture(cli, options, where, filter)));
};

const capture = async (cli: Cli, options: Options, where: string, filter: readonly string[]): Promise<number> => {
  const maxSeconds = readNumber('--seconds', options.seconds);
  const maxBytes = readNumber('--max-mb', options.maxMb) * 1e6;
  const toStdout = options.out === '-';
  if (toStdout && options.json === true) throw badInput('CLI001', '--json and --out - both want stdout', 'give --out a file');
  const engine = await cli.connect();
  const lab = await chooseLab(engine, { named: options.lab });
  const points = await findPoints(engine, lab, where);
  const { recordPackets } = await import('../../run/run.ts');
  const path = options.out ?? `${lab}-${where.replaceAll(/[^\w.-]+/g, '-')}.pcapng`;
  const file = toStdout ? undefined : await openFile(path, resolve(cli.cwd, path));
  const gone = new AbortController();
  const recording = recordPackets({
    ...{ engine, lab, points, filter: filter.join(' '), maxBytes, maxSeconds, now: cli.now },
    signal: AbortSignal.any([cli.signal, gone.signal]),
    write: (bytes) => {
      if (file) file.write(bytes);
      else cli.stdout.write(bytes);
      // nobody reads any more: Wireshark was closed
      if (!file && cli.stdout.destroyed === true) gone.abort();
    },
  });
  try {
    await recording.listening;
    if (options.json !== true) note(cli, `capturing at ${points.map(describePoint).join(', ')}; Ctrl-C ends it`);
    const recorded = await recording.finished;
    report(cli, options, recorded, { lab, points, ...(file && { file: resolve(cli.cwd, path) }) });
    return 0;
  } finally {
    if (file) await withUserFile(path, () => once(file.end(), 'close'));
  }
};

type Target = { lab: string; points: CapturePoint[]; file?: string };

const report = (cli: Cli, options: Options, recorded: Recorded, { lab, points, file }: Target): void => {
  if (options.json === true) {
    printJson(cli, { ok: true, lab, points, file, ...recorded });
    return;
  }
  const { packets, bytes, dropped, seconds, ended } = recorded;
  const lost = dropped > 0 ? `, ${dropped} lost because they came too fast` : '';
  const why = { stopped: '', time: ' (the time is over)', size: ' (the file is full)' }[ended];
  const to = file === undefined ? '' : ` in ${showPath(cli, file)}`;
  note(cli, `${packets} packets${lost}, ${bytes} bytes, ${seconds.toFixed(1)} s${why}${to}`);
};

const describePoint = ({ node, interface: name }: CapturePoint): string => (name === 'any' ? node : `${node}:${name}`);

const readNumber = (option: string, text: string): number => {
  const number = Number(text);
  if (!(number > 0)) throw badInput('CLI001', `${option} must be a number above 0, not "${text}"`);
  return number;
};

/** `edge-a1:eth0,lan-b`: a site is all of its containers. */
const findPoints = async (engine: Engine, lab: string, where: string): Promise<CapturePoint[]> => {
  const containers = (await engine.list(lab)).filter(({ kind }) => kind === 'container');
  const points: CapturePoint[] = [];
  for (const part of where.split(',')) {
    const [, name = '', interfaceName = 'any'] = /^([^:]*)(?::(.+))?$/.exec(part) ?? [];
    const ofSite = containers.filter(({ site }) => site === name);
    const isNode = containers.some((container) => container.name === name);
    const nodes = isNode || ofSite.length === 0 ? [await chooseNode(engine, lab, name)] : ofSite;
    points.push(...nodes.map((node) => ({ node: node.name, interface: interfaceName })));
  }
  return points;
};

const openFile = (shown: string, path: string) =>
  withUserFile(shown, async () => {
    const file = createWriteStream(path);
    await once(file, 'open');
    return file;
  });
