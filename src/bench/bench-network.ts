/** `bench network`: how long networks of many LANs take, and how exact and how fast their routers and links are. */
import { toFigure } from './figures.ts';
import {
  measureBindings,
  measureThroughput,
  startCounter,
  startSink,
  type BindingFigures,
  type ThroughputFigures,
} from './network-path.ts';
import { measureDelay, measureLoss, type DelayFigures, type LossFigures } from './network-links.ts';
import { lansTopology, pathTopology, type BenchLab } from './network-labs.ts';

/** Where labs come from, and who hears how far the bench is. */
export type NetworkTrial = {
  /** Brings a lab up, works in it, takes it down whatever happened. */
  withLab: <T>(topology: string, work: (lab: BenchLab) => Promise<T>) => Promise<{ result: T; upSeconds: number; downSeconds: number }>;
  say: (text: string) => void;
};

type LansFigures = { count: number; upSeconds: number; downSeconds: number; /** Highest and median, MiB. */ routerMemory: number[] };

/** What `bench network` prints. */
export type NetworkFigures = {
  lans: LansFigures[];
  /** Median over pairs of runs, one after another, of NAT and plain routing. */
  throughputRatio: number;
  throughput: ThroughputFigures;
  bindings: BindingFigures;
  delay: DelayFigures;
  loss: LossFigures;
};

/**
 * `lans`: counts of LANs, a lab for each; `pairs` of runs for the throughput; `bindings`: how many there are when one more is
 * timed; `packets` that show the loss.
 */
type NetworkOptions = { lans: readonly number[]; pairs: number; bindings: readonly number[]; packets: number };

/** One measurement after another: a lab for each count of LANs, and one for all the rest. */
export const benchNetwork = async (options: NetworkOptions, { withLab, say }: NetworkTrial): Promise<NetworkFigures> => {
  const lans: LansFigures[] = [];
  for (const count of options.lans) {
    say(`${count} LANs …`);
    const { result, upSeconds, downSeconds } = await withLab(lansTopology(count), ({ routerMemory }) => routerMemory());
    const routers = toFigure(result);
    lans.push({ count, upSeconds, downSeconds, routerMemory: [Math.max(...routers.runs), routers.median] });
    say(`${count} LANs: up ${upSeconds.toFixed(1)} s, down ${downSeconds.toFixed(1)} s`);
  }
  const { result } = await withLab(pathTopology, async (lab) => {
    await startSink(lab, 'server');
    await startCounter(lab, 'server');
    say('delay …');
    const delay = await measureDelay(lab);
    say('loss …');
    const loss = await measureLoss(lab, options.packets);
    say('throughput …');
    const throughput = await measureThroughput(lab, options.pairs);
    say('bindings …');
    return { throughput, bindings: await measureBindings(lab, options.bindings), delay, loss };
  });
  return { lans, throughputRatio: result.throughput.ratio.median, ...result };
};
