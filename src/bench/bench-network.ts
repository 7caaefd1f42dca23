/** `bench network`: how long networks of many LANs take, and how exact and how fast their routers and links are. */
import { messageOf } from '../lib/message-of.ts';
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
  /** Aborted when the user gives up. */
  signal: AbortSignal;
};

/** What could not be measured, and why; the other figures are there all the same. */
type Failed = { failed: string };

type LansFigures = { count: number; upSeconds: number; downSeconds: number; /** Highest and median, MiB. */ routerMemory: number[] };

/** What `bench network` prints. */
export type NetworkFigures = {
  lans: (LansFigures | (Failed & { count: number }))[];
  /** Median over pairs of runs, one after another, of NAT and plain routing. */
  throughputRatio?: number;
  throughput: ThroughputFigures | Failed;
  bindings: BindingFigures | Failed;
  delay: DelayFigures | Failed;
  loss: LossFigures | Failed;
};

/**
 * `lans`: counts of LANs, a lab for each; `pairs` of runs for the throughput; `bindings`: how many there are when one more is
 * timed; `packets` that show the loss.
 */
type NetworkOptions = { lans: readonly number[]; pairs: number; bindings: readonly number[]; packets: number };

/** One measurement after another: a lab for each count of LANs, and one for all the rest. */
export const benchNetwork = async (options: NetworkOptions, { withLab, say, signal }: NetworkTrial): Promise<NetworkFigures> => {
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | Failed> => {
    say(`${what} …`);
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      say(`${what}: ${messageOf(error)}`);
      return { failed: messageOf(error) };
    }
  };
  const lans: NetworkFigures['lans'] = [];
  for (const count of options.lans) {
    const figures = await attempt(`${count} LANs`, async () => {
      const { result, upSeconds, downSeconds } = await withLab(lansTopology(count), ({ routerMemory }) => routerMemory());
      const routers = toFigure(result);
      say(`${count} LANs: up ${upSeconds.toFixed(1)} s, down ${downSeconds.toFixed(1)} s`);
      return { upSeconds, downSeconds, routerMemory: [Math.max(...routers.runs), routers.median] };
    });
    lans.push({ count, ...figures });
  }
  const path = await attempt('the path', () =>
    withLab(pathTopology, async (lab) => {
      await startSink(lab, 'server');
      await startCounter(lab, 'server');
      return {
        delay: await attempt('delay', () => measureDelay(lab)),
        loss: await attempt('loss', () => measureLoss(lab, options.packets)),
        throughput: await attempt('throughput', () => measureThroughput(lab, options.pairs)),
        bindings: await attempt('bindings', () => measureBindings(lab, options.bindings)),
      };
    }),
  );
  const { throughput, bindings, delay, loss } =
    'failed' in path ? { throughput: path, bindings: path, delay: path, loss: path } : path.result;
  return { lans, ...('ratio' in throughput && { throughputRatio: throughput.ratio.median }), throughput, bindings, delay, loss };
};

/** True when every figure is one. */
export const isWhole = ({ lans, throughput, bindings, delay, loss }: NetworkFigures): boolean =>
  ![...lans, throughput, bindings, delay, loss].some((figures) => 'failed' in figures);
