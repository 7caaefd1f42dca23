/** `edgelab bench`: the figures of docs/benchmarks.md, measured on this machine. */
import { InvalidArgumentError, type Command } from 'commander';
import type { UpTrial } from '../../bench/bench.ts';
import type { ImageEvent } from '../../images/images.ts';
import { exitCodes } from '../../lib/error-codes.ts';
import { LabError } from '../../lib/lab-error.ts';
import type { LabEvent } from '../../model/event.ts';
import { bringUp } from '../bring-up.ts';
import { note, printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { prepareImages } from '../prepare-images.ts';
import { silent, type Report } from '../reporting.ts';
import { loadJob } from '../scenario-job.ts';
import { benchTunnel, type TunnelOptions } from './bench-tunnel.ts';
import { defaultTopology, loadTopology, type LoadedTopology } from '../topology-file.ts';

type Options = Shared & { runs: number };
type NetworkOptions = Shared & { lans: number[]; packets: number };

const defaultScenario = 'question-1';

/** Results are JSON with or without `--json`. `soak` ends with 1 where rounds differ or leave something. */
export const addBench = (program: Command, cli: Cli): void => {
  const bench = program.command('bench').description('measure edgelab on this machine');
  shareOptions(bench.command('up').description('up, a repeated up, and down, beside a bare script that does the same steps in turn'))
    .argument('[topology]', 'name in topologies/, or path of a .yaml file', defaultTopology)
    .option('--runs <n>', 'how often each is done', parseCount, 3)
    .action(act<Options, [string]>(cli, (options, topology) => benchUp(cli, options, topology)));
  shareOptions(bench.command('soak').description('up, run and down in a row: equal verdicts each time, and nothing left'))
    .argument('[scenario]', 'name in scenarios/, or path of a .ts file', defaultScenario)
    .option('--runs <n>', 'how many rounds', parseCount, 10)
    .action(act<Options, [string]>(cli, (options, scenario) => benchSoak(cli, options, scenario)));
  shareOptions(
    bench
      .command('tunnel')
      .description('what a tunnel costs: up beside the lab without it, the first answer, round trips and throughput beside the bare path'),
  )
    .argument('[topology]', 'name in topologies/, or path of a .yaml file', 'two-lans-fabedge')
    .option('--seconds <n>', 'how long each flow is measured, three times', parseCount, 5)
    .option('--beside <topology>', 'the same lab without a tunnel', defaultTopology)
    .option('--runs <n>', 'how often both come up', parseCount, 3)
    .action(act<Shared & TunnelOptions, [string]>(cli, (options, topology) => benchTunnel(cli, topology, options)));
  shareOptions(bench.command('network').description('networks of many LANs, what a NAT costs, how exact links are'))
    .option('--lans <counts>', 'how many LANs, one after another', parseCounts, [10, 50, 100])
    .option('--packets <n>', 'how many packets show the loss', parseCount, 1_000_000)
    .action(act<NetworkOptions, []>(cli, (options) => benchNetwork(cli, options)));
  shareOptions(bench.command('images').description('build every image of a topology with empty caches, beside those that are there'))
    .argument('[topology]', 'name in topologies/, or path of a .yaml file', defaultTopology)
    .action(act<Shared, [string]>(cli, (_options, topology) => benchImages(cli, topology)));
};

const parseCount = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number from 1');
  return count;
};

const parseCounts = (text: string): number[] => (text === '' ? [] : text.split(',').map(parseCount));

/** The result is JSON with or without `--json`: figures are for comparing. */
const benchUp = async (cli: Cli, { runs }: Options, name: string): Promise<number> => {
  const bench = await import('../../bench/bench.ts');
  const topology = await loadTopology(cli, name);
  printJson(cli, await bench.benchUp(topology.lab.name, runs, await makeTrial(cli, topology)));
  return 0;
};

const benchNetwork = async (cli: Cli, { lans, packets }: NetworkOptions): Promise<number> => {
  const [bench, { networkTrial }] = await Promise.all([import('../../bench/bench.ts'), import('../bench-network.ts')]);
  const figures = await bench.benchNetwork({ lans, packets, pairs: 30, bindings: [10, 1000, 60_000] }, await networkTrial(cli));
  printJson(cli, figures);
  return bench.isWhole(figures) ? exitCodes.good : exitCodes.assertionFailed;
};

const benchSoak = async (cli: Cli, { runs }: Options, name: string): Promise<number> => {
  const [bench, run, runner, { look }, engine] = await Promise.all([
    import('../../bench/bench.ts'),
    import('../../run/run.ts'),
    import('../../scenario/runner.ts'),
    import('../leftovers.ts'),
    cli.connect(),
  ]);
  const job = await loadJob(cli, name);
  const { lab } = job.topology;
  const emit = (): void => undefined;
  const shared = { engine, emit, signal: cli.signal, now: cli.now };
  const down = async (): Promise<void> => {
    await run.down({ ...shared, lab: lab.name });
  };
  let round = 0;
  await down();
  const figures = await bench.benchSoak(name, runs, {
    up: async () => {
      note(cli, `round ${String(++round)} of ${String(runs)} …`);
      await bringUp(cli, job.topology, { report: silent, engine, keep: false });
    },
    run: async () => {
      const { checks } = await runner.runScenario({ ...shared, ...job.topology, scenario: job.scenario, file: job.file });
      return checks.map(({ id, expected, observed, ok }) => `${id}: ${expected}, ${observed}, ${ok ? 'held' : 'failed'}`);
    },
    down,
    look: () => look(engine, lab.name),
    now: cli.now,
  });
  printJson(cli, figures);
  return figures.identical === runs && figures.left.length === 0 ? exitCodes.good : exitCodes.assertionFailed;
};

/** Cold: its own addresses, compile caches and module cache, all cleared away in the end. */
const benchImages = async (cli: Cli, name: string): Promise<number> => {
  const { bindImages, pruneImages } = await import('../../images/images.ts');
  const { lab, plan } = await loadTopology(cli, name);
  const images: Record<string, number> = {};
  const options = {
    environment: cli.env,
    signal: cli.signal,
    trial: 'cold',
    onEvent: ({ image, phase, seconds, done, total }: ImageEvent): void => {
      if (phase !== 'done' || seconds === undefined) return;
      images[image] = Math.round(seconds);
      note(cli, `${String(done)} of ${String(total)}  ${image} ${seconds.toFixed(0)} s`);
    },
  };
  await pruneImages(options);
  const startedAt = cli.now();
  let seconds = 0;
  try {
    await bindImages(plan.images, options);
    seconds = Math.round((cli.now() - startedAt) / 1000);
  } finally {
    await pruneImages({ environment: cli.env });
  }
  printJson(cli, { topology: lab.name, seconds, images });
  return exitCodes.good;
};

/** What `bench up` measures; each part is timed and told on stderr. */
const makeTrial = async (cli: Cli, topology: LoadedTopology): Promise<UpTrial> => {
  const [{ planToScript }, { runCommand }, run, engine] = await Promise.all([
    import('../../bench/bench.ts'),
    import('../../host/host.ts'),
    import('../../run/run.ts'),
    cli.connect(),
  ]);
  const { lab, plan } = topology;
  const scriptLab = `${lab.name}-script`;
  let events: LabEvent[] = [];
  const emit = (event: LabEvent): void => void events.push(event);
  const report: Report = { emit, closeAfter: (work) => work() };
  const shared = { engine, emit, signal: cli.signal, now: cli.now };
  const timed = async (what: string, work: () => Promise<unknown>): Promise<number> => {
    note(cli, `${what} …`);
    const startedAt = cli.now();
    await work();
    const seconds = (cli.now() - startedAt) / 1000;
    note(cli, `${what} ${seconds.toFixed(1)} s`);
    return seconds;
  };
  const up = async (): Promise<void> => {
    events = [];
    await bringUp(cli, topology, { report, engine, keep: false });
  };
  const clear = async (): Promise<void> => {
    await run.down({ ...shared, lab: scriptLab });
  };

  const script = planToScript(plan, await prepareImages(cli, plan, emit), scriptLab);
  await run.down({ ...shared, lab: lab.name });
  await clear();
  return {
    up: () => timed('edgelab up', up),
    routerReady: () => routerSeconds(events, topology),
    again: () => timed('edgelab up again', up),
    down: () => timed('edgelab down', () => run.down({ ...shared, lab: lab.name })),
    script: () =>
      timed('bare script', async () => {
        const { code, stderr } = await runCommand(['sh', '-s'], { input: script, signal: cli.signal });
        cli.signal.throwIfAborted();
        if (code !== 0)
          throw new LabError('UP001', 'the bare script failed', { outputTail: stderr, cleanup: `./edgelab down ${scriptLab}` });
      }),
    clear,
    memory: async () =>
      Object.fromEntries(
        (await run.status(engine, lab.name)).map(({ name, memoryBytes = Number.NaN }) => [name, Math.round(memoryBytes / 2 ** 20)]),
      ),
  };
};

/** From asking for its container until it reaches the lab's DNS, of the slowest site router. */
const routerSeconds = (events: readonly LabEvent[], { lab }: LoadedTopology): number => {
  const at = (type: 'step-started' | 'step-finished', step: string): number =>
    events.find((event) => event.type === type && event.step === step)?.at ?? Number.NaN;
  const routers = lab.sites.flatMap((site) => (site.lan ? [site.lan.router.name] : []));
  const seconds = routers.map((name) => (at('step-finished', `link:${name}`) - at('step-started', `container:${name}`)) / 1000);
  return seconds.length === 0 ? 0 : Math.max(...seconds);
};
