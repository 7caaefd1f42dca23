/** What a NAT costs beside plain routing on the same path: host, bridge, router, bridge, server. */
import type { Lab } from '../model/lab.ts';
import { toFigure, type Figure } from './figures.ts';
import { bareRouting, type BenchLab } from './network-labs.ts';
import { packetsProgram, sinkProgram, streamProgram } from './traffic.ts';

/** Through a NAT and through plain routing; `ratio` is the first by the second. */
export type ThroughputFigures = {
  /** Gbit/s of one TCP connection. */
  nat: Figure;
  plain: Figure;
  /** Of each pair of runs. */
  ratio: Figure;
};

/** What a packet through a NAT costs, by how many bindings it has. */
export type BindingFigures = {
  /** Microseconds per UDP packet on the path without NAT and rules. */
  plainMicroseconds: number;
  counts: {
    /** Bindings there are. */
    count: number;
    /** Microseconds of a packet that makes one more. */
    openMicroseconds: number;
    /** Microseconds of a packet of one that is there. */
    packetMicroseconds: number;
    /** Of the packets sent while filling, how many arrived. */
    arrived: number;
  }[];
};

/** Throws a TypeError for a node that the lab does not have. */
export const addressOf = (lab: Lab, node: string): string => {
  const found = lab.sites.flatMap(({ nodes }) => nodes).find(({ name }) => name === node);
  if (!found) throw new TypeError(`the lab has no node ${node}`);
  return found.address;
};

const routerOf = (lab: Lab, site: string): { name: string; wan: string } => {
  const router = lab.sites.find(({ name }) => name === site)?.lan?.router;
  if (!router) throw new TypeError(`the lab has no router at ${site}`);
  return router;
};

/** TCP ports of the sinks: discard's, so to say. */
export const sinkPort = 5009;

/** Runs in the background until the lab goes; done when it listens. */
export const startSink = ({ sh }: BenchLab, container: string): Promise<string> =>
  sh(
    container,
    `mkdir -p /run/edgelab && cat > /run/edgelab/sink.pl
perl /run/edgelab/sink.pl ${sinkPort} > /run/edgelab/sink.log 2>&1 &
until grep -q ready /run/edgelab/sink.log; do kill -0 $! || exit 1; sleep 0.02; done`,
    { stdin: sinkProgram },
  );

/** From `plain`, both ways lead through its router and nothing else. */
const makePlain = async ({ lab, sh }: BenchLab): Promise<void> => {
  const { name, wan } = routerOf(lab, 'plain');
  await sh(name, bareRouting);
  const subnet = lab.sites.find((site) => site.name === 'plain')?.lan?.subnet ?? '';
  await sh('server', `ip route replace ${subnet} via ${wan}`);
};

/** `startSink` must have run on `server`. Takes all rules from the router of `plain`, for as long as the lab is up. */
export const measureThroughput = async (at: BenchLab, pairs: number): Promise<ThroughputFigures> => {
  const server = addressOf(at.lab, 'server');
  await makePlain(at);
  const stream = async (host: string, seconds: number): Promise<number> =>
    Number(await at.sh(host, `perl - ${server} ${sinkPort} ${seconds} 0`, { stdin: streamProgram }));
  const runs = { nat: [] as number[], plain: [] as number[], ratio: [] as number[] };
  for (const host of ['plain-host', 'masked-host']) await stream(host, 0.5);
  for (let pair = 0; pair < pairs; pair++) {
    // in turn the first: whatever goes on beside falls on both alike
    const order = pair % 2 === 0 ? (['nat', 'plain'] as const) : (['plain', 'nat'] as const);
    const seen = { nat: 0, plain: 0 };
    for (const which of order) runs[which].push((seen[which] = await stream(which === 'nat' ? 'masked-host' : 'plain-host', 1)));
    runs.ratio.push(seen.nat / seen.plain);
  }
  return { nat: toFigure(runs.nat), plain: toFigure(runs.plain), ratio: toFigure(runs.ratio, 3) };
};

/** UDP port that nobody listens on: packets are counted where they arrive, and go no further. */
export const countedPort = 5010;

/** Counts UDP packets to `countedPort` where they come in, and drops them. Once more, and it begins at zero. */
export const startCounter = ({ sh }: BenchLab, container: string): Promise<string> =>
  sh(
    container,
    `nft -f - <<END
table inet bench {}
delete table inet bench
table inet bench {
  counter arrived {}
  chain in { type filter hook prerouting priority raw; udp dport ${countedPort} counter name "arrived" drop; }
}
END`,
  );

/** Packets since it was read last. */
export const readCounter = async ({ sh }: BenchLab, container: string): Promise<number> =>
  Number(/packets (\d+)/.exec(await sh(container, 'nft reset counter inet bench arrived'))?.[1] ?? Number.NaN);

const forget = `conntrack -F 2>/dev/null
for map in $(nft list maps | sed -n 's/^\\tmap \\([a-z]*\\) {/\\1/p') ; do nft flush map ip lab $map; done
for set in $(nft list sets | sed -n 's/^\\tset \\([a-z]*\\) {/\\1/p') ; do nft flush set ip lab $set; done`;

/** How many more bindings are opened, how many packets of open ones are sent, and how often, to see what one costs. */
const [further, again, rounds] = [200, 20_000, 5];

/** `startCounter` must have run on `server`, and measureThroughput before, which makes the plain path plain. */
export const measureBindings = async (at: BenchLab, counts: readonly number[]): Promise<BindingFigures> => {
  const server = addressOf(at.lab, 'server');
  /** Microseconds per packet. */
  const send = async (host: string, first: number, ports: number, packets: number): Promise<number> =>
    Number(
      await at.sh(host, `perl - ${addressOf(at.lab, host)} ${server} ${countedPort} ${first} ${ports} ${packets} 0`, {
        stdin: packetsProgram,
        seconds: 60,
      }),
    );
  /** The least of some rounds: whatever else the machine does can only add. */
  const least = async (round: (number: number) => Promise<number>): Promise<number> => {
    const seen: number[] = [];
    for (let number = 0; number < rounds; number++) seen.push(await round(number));
    return Math.min(...seen);
  };
  const figures: BindingFigures = { plainMicroseconds: await least(() => send('plain-host', 2000, 1000, again)), counts: [] };
  for (const count of counts) {
    await at.sh(routerOf(at.lab, 'masked').name, forget, { seconds: 60 });
    await readCounter(at, 'server');
    await send('masked-host', 2000, count, count);
    const arrived = await readCounter(at, 'server');
    const packetMicroseconds = await least(() => send('masked-host', 2000, count, again));
    figures.counts.push({
      count,
      arrived,
      openMicroseconds: await least((number) => send('masked-host', 2000 + count + number * further, further, further)),
      packetMicroseconds,
    });
  }
  return figures;
};
