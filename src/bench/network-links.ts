/** How exact links are: the delay they add, idle and full, and what they lose. */
import type { Backend, BenchLab } from './network-labs.ts';
import { addressOf, countedPort, readCounter, sinkPort, startCounter, startSink } from './network-path.ts';
import { packetsProgram, streamProgram } from './traffic.ts';

/** Milliseconds added to the round trip of the same path without a condition. */
type Added = { p50: number; p99: number };

type DelaySeen = {
  idle: Added;
  /** Beside one TCP connection as fast as the link lets it. */
  full: Added & { gbit: number };
};

export type DelayFigures = {
  /** Milliseconds, of what leaves the site. */
  declared: number;
  packets: number;
  /** What was seen, or why this machine has it not. */
  backends: Partial<Record<Backend, DelaySeen | string>>;
};

export type LossFigures = { declaredPercent: number; packets: number; backends: Partial<Record<Backend, { percent: number } | string>> };

const declared = { milliseconds: 50, percent: 2 };
const pings = 1000;

/** 64 MB of window: 1 Gbit/s at 50 ms are 6 MB on their way. */
const wideWindows = `echo '4096 131072 67108864' > /proc/sys/net/ipv4/tcp_rmem
echo '4096 131072 67108864' > /proc/sys/net/ipv4/tcp_wmem`;

export const measureDelay = async (at: BenchLab): Promise<DelayFigures> => {
  const server = addressOf(at.lab, 'server');
  for (const node of ['server', 'masked-host']) await at.sh(node, wideWindows);
  await startSink(at, 'server');
  const ping = async (count: number): Promise<number[]> => {
    const text = await at.sh('masked-host', `ping -n -i 0.005 -c ${count} ${server}`, { seconds: 60 });
    return [...text.matchAll(/time=([\d.]+)/g)].map(([, milliseconds]) => Number(milliseconds)).sort((a, b) => a - b);
  };
  const share = (sorted: readonly number[], part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
  const base = share(await ping(pings), 0.5);
  const added = (sorted: readonly number[]): Added => ({ p50: round(share(sorted, 0.5) - base), p99: round(share(sorted, 0.99) - base) });
  const see = async (backend: Backend): Promise<DelaySeen | string> => {
    const lack = await at.condition('masked', [`up.delay=${declared.milliseconds}ms`], backend);
    if (lack !== undefined) return lack;
    await ping(20);
    const idle = added(await ping(pings));
    const seconds = 8;
    const stream = at.sh('masked-host', `perl - ${server} ${sinkPort} ${seconds}`, { stdin: streamProgram, seconds: 60 });
    // the window opens first
    await ping(400);
    const full = added(await ping(pings));
    return { idle, full: { ...full, gbit: round(Number(await stream)) } };
  };
  const backends: DelayFigures['backends'] = {};
  for (const backend of ['netem', 'wire'] as const) backends[backend] = await see(backend);
  await at.condition('masked', [], 'nft');
  return { declared: declared.milliseconds, packets: pings, backends };
};

export const measureLoss = async (at: BenchLab, packets: number): Promise<LossFigures> => {
  const [server, host] = [addressOf(at.lab, 'server'), addressOf(at.lab, 'masked-host')];
  await startCounter(at, 'server');
  const see = async (backend: Backend): Promise<{ percent: number } | string> => {
    const lack = await at.condition('masked', [`up.loss=${declared.percent}%`], backend);
    if (lack !== undefined) return lack;
    await at.sh('masked-host', `ping -n -i 0.2 -c 3 ${server}`);
    await readCounter(at, 'server');
    await at.sh('masked-host', `perl - ${host} ${server} ${countedPort} 3000 1 ${packets} 40000`, { stdin: packetsProgram, seconds: 300 });
    await at.sh('server', 'sleep 0.5');
    return { percent: Math.round((1 - (await readCounter(at, 'server')) / packets) * 1e6) / 1e4 };
  };
  const backends: LossFigures['backends'] = {};
  for (const backend of ['netem', 'wire', 'nft'] as const) backends[backend] = await see(backend);
  await at.condition('masked', [], 'nft');
  return { declaredPercent: declared.percent, packets, backends };
};

/** Milliseconds and Gbit/s to the hundredth. */
const round = (value: number): number => Math.round(value * 100) / 100;
