/** How exact links are: the delay they add, idle and beside a fast flow, and what they lose. */
import type { Backend, BenchLab } from './network-labs.ts';
import { addressOf, countedPort, readCounter, sinkPort } from './network-path.ts';
import { packetsProgram, streamProgram } from './traffic.ts';

/** Milliseconds of a round trip. */
type Spread = { p50: number; p99: number };

/** Alone, and beside one TCP connection that keeps `gbit`. */
type Seen = { idle: Spread; busy: Spread & { gbit: number } };

/** What a declared delay really adds to round trips, idle and beside a fast flow. */
export type DelayFigures = {
  /** Milliseconds, of what leaves the site. */
  declared: number;
  packets: number;
  /** The same path without a condition. */
  without: Seen;
  /** What the condition added to the median without it, or why this machine has no such condition. */
  added: Partial<Record<Backend, Seen | string>>;
};

/** Of so many packets, by the way the condition was made, or why this machine has no such condition. */
export type LossFigures = { declaredPercent: number; packets: number; backends: Partial<Record<Backend, { percent: number } | string>> };

const declared = { milliseconds: 50, percent: 2 };
const pings = 1000;

/** Bytes per second: 1.2 Gbit/s, so that what arrives is above 1 although a connection begins slowly. */
const pace = 150_000_000;

/** 64 MB of window: 1.2 Gbit/s at 50 ms are 7.5 MB on their way. */
const wideWindows = `echo '4096 131072 67108864' > /proc/sys/net/ipv4/tcp_rmem
echo '4096 131072 67108864' > /proc/sys/net/ipv4/tcp_wmem`;

/** From `masked-host` to `server`, where `startSink` must have run. The link is plain again when it is done. */
export const measureDelay = async (at: BenchLab): Promise<DelayFigures> => {
  const server = addressOf(at.lab, 'server');
  for (const node of ['server', 'masked-host']) await at.sh(node, wideWindows);
  const ping = async (count: number): Promise<Spread> => {
    const text = await at.sh('masked-host', `ping -n -i 0.005 -c ${count} ${server}`, { seconds: 60 });
    const sorted = [...text.matchAll(/time=([\d.]+)/g)].map(([, milliseconds]) => Number(milliseconds)).sort((a, b) => a - b);
    const share = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
    return { p50: share(0.5), p99: share(0.99) };
  };
  const see = async (): Promise<Seen> => {
    await ping(20);
    const idle = await ping(pings);
    const stream = at.sh('masked-host', `perl - ${server} ${sinkPort} 10 ${pace}`, { stdin: streamProgram, seconds: 60 });
    // the window opens first
    await ping(400);
    const busy = await ping(pings);
    return { idle, busy: { ...busy, gbit: round(Number(await stream)) } };
  };
  const without = await see();
  const added = (seen: Spread, base: Spread): Spread => ({ p50: round(seen.p50 - base.p50), p99: round(seen.p99 - base.p50) });
  const seeWith = async (backend: Backend): Promise<Seen | string> => {
    const lack = await at.condition('masked', [`up.delay=${declared.milliseconds}ms`], backend);
    if (lack !== undefined) return lack;
    const { idle, busy } = await see();
    return { idle: added(idle, without.idle), busy: { ...added(busy, without.busy), gbit: busy.gbit } };
  };
  const figures: DelayFigures = { declared: declared.milliseconds, packets: pings, without, added: {} };
  for (const backend of ['netem', 'wire'] as const) figures.added[backend] = await seeWith(backend);
  await at.condition('masked', [], 'nft');
  return figures;
};

/** Done when a round trip is: what was sent before it has come through the same queues, or never will. */
const answered = (server: string): string => `until ping -n -q -c 1 -W 1 ${server}; do :; done`;

/** From `masked-host` to `server`, where `startCounter` must have run. The link is plain again when it is done. */
export const measureLoss = async (at: BenchLab, packets: number): Promise<LossFigures> => {
  const [server, host] = [addressOf(at.lab, 'server'), addressOf(at.lab, 'masked-host')];
  const see = async (backend: Backend): Promise<{ percent: number } | string> => {
    const lack = await at.condition('masked', [`up.loss=${declared.percent}%`], backend);
    if (lack !== undefined) return lack;
    await at.sh('masked-host', answered(server));
    await readCounter(at, 'server');
    await at.sh('masked-host', `perl - ${host} ${server} ${countedPort} 3000 1 ${packets} 20000`, { stdin: packetsProgram, seconds: 300 });
    await at.sh('masked-host', answered(server));
    return { percent: Math.round((1 - (await readCounter(at, 'server')) / packets) * 1e6) / 1e4 };
  };
  const backends: LossFigures['backends'] = {};
  for (const backend of ['netem', 'wire', 'nft'] as const) backends[backend] = await see(backend);
  await at.condition('masked', [], 'nft');
  return { declaredPercent: declared.percent, packets, backends };
};

/** Milliseconds and Gbit/s to the hundredth. */
const round = (value: number): number => Math.round(value * 100) / 100;
