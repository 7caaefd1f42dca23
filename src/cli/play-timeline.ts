/** `edgelab fault play`: the timeline of a topology on its lab, and what pings see of it, on one line of time. */
import type { Engine } from '../engine/engine.ts';
import { listWords } from '../lib/names.ts';
import type { Lab } from '../model/lab.ts';
import { badInput } from './bad-input.ts';
import { note, print, printJson, type Cli, type Shared } from './cli.ts';
import { loadLabPlan } from './lab-plan.ts';

/** `watch`: pings, each as `from:to`; none are one from the first node of each LAN. */
export type PlayOptions = Shared & { watch: string[] };

/** Milliseconds from the beginning of the timeline; watches begin before it. */
type Moment = { ms: number; what: string; state: 'done' | 'undone' | 'failed' | 'seen' };

type Watch = { from: string; to: string; address: string };

/** How long watches go on after the last fault, for what follows from its end; milliseconds. */
const afterMs = 2000;

/**
 * Exit code 0, whatever the pings see. BadInput LAB002 where the topology has no faults, LAB003 where it has changed since the lab
 * came up.
 */
export const playTimeline = async (cli: Cli, options: PlayOptions, at: { engine: Engine; lab: string }): Promise<number> => {
  const { playFaults, timelineMs, watchReach } = await import('../run/run.ts');
  const { engine } = at;
  const { lab, plan } = await loadLabPlan(cli, engine, at.lab);
  const { faults = [] } = lab;
  if (faults.length === 0)
    throw badInput('LAB002', `the topology of lab ${lab.name} has no faults`, 'write e.g. faults: [{ at: 5s, cut: lan-a, for: 10s }]');
  const moments: Moment[] = [];
  let zero = cli.now();
  const tell = (moment: Moment): void => {
    moments.push(moment);
    if (options.json !== true) print(cli, lineOf(moment));
  };
  const watches = listWatches(lab, options.watch).map(({ from, to, address }) =>
    watchReach({
      ...{ engine, lab: lab.name, from, to: address },
      say: (reaction) =>
        tell({
          ms: reaction.at - zero,
          state: 'seen',
          what: `${to} ${reaction.state === 'answers' ? 'answers' : 'does not answer'} ${from}`,
        }),
    }),
  );
  try {
    await Promise.all(watches.map(({ watching }) => watching));
    if (options.json !== true) note(cli, `${faults.length} faults within ${(timelineMs(faults) / 1000).toFixed(1)} s …`);
    zero = cli.now();
    await playFaults({
      ...{ engine, lab, plan, faults, signal: cli.signal },
      say: ({ what, state, message }) => tell({ ms: cli.now() - zero, what: message === undefined ? what : `${what}: ${message}`, state }),
    });
    await new Promise((resolve) => setTimeout(resolve, afterMs));
  } finally {
    await Promise.all(watches.map(({ stop }) => stop()));
  }
  if (options.json === true) printJson(cli, { lab: lab.name, timeline: moments.toSorted((a, b) => a.ms - b.ms) });
  return 0;
};

const lineOf = ({ ms, what, state }: Moment): string =>
  `${(ms / 1000).toFixed(3).padStart(9)} s  ${state === 'seen' ? '  ' : ''}${state.padEnd(7)}${what}`;

/** `laptop:server`; by default from the first node of each LAN to the first on the internet, or to the core. */
const listWatches = (lab: Lab, said: readonly string[]): Watch[] => {
  const { core } = lab.internet;
  const addresses = new Map([
    [core.name, core.address],
    ...lab.sites.flatMap(({ nodes }) => nodes.map(({ name, address }) => [name, address] as const)),
  ]);
  const target = lab.sites.find(({ lan }) => !lan)?.nodes[0]?.name ?? core.name;
  const words = said.length > 0 ? said : lab.sites.flatMap(({ lan, nodes: [node] }) => (lan && node ? [`${node.name}:${target}`] : []));
  return words.map((word) => {
    const [from = '', to = ''] = word.split(':');
    const address = addresses.get(to);
    if (addresses.has(from) && address !== undefined) return { from, to, address };
    throw badInput(
      'CLI001',
      `--watch ${word} does not name two nodes`,
      `write e.g. laptop:server; there are ${listWords([...addresses.keys()])}`,
    );
  });
};
