/** `bench tunnel`: what a tunnel costs. The same pairs of nodes by ClusterIP, by podIP and, where routers lead there, by address. */
import { ratioOf, toFigure, type Figure } from './figures.ts';

/** `address` is the bare path: from node to node, no tunnel and no pod. */
type Over = 'address' | 'podIP' | 'ClusterIP';
/** A flow from an instance, or from the node itself by `address`, to another one. */
export type Route = { from: string; to: string; over: Over };

/** A node with an instance of the workload. */
type Member = {
  name: string;
  edge: boolean;
  /** The wire its address is on. */
  segment: string;
};

/** Milliseconds of a round trip, megabits a second. */
type Measured = { p50Ms: number; p99Ms: number; roundTrips: number; upMbit: number; downMbit: number };

/** The lab with the tunnel, which is up. */
export type TunnelTrial = {
  /** Nodes with an instance of the workload, in the topology's order. */
  members: readonly Member[];
  /** True where the lab's routers lead from the one's address to the other's. */
  bare: (from: string, to: string) => boolean;
  /** Which way the flow took (`relayed`, `direct`, …), or that it is out of reach; asked of all routes at once. */
  look: (routes: readonly Route[]) => Promise<{ reachable: boolean; path: string; how: string }[]>;
  measure: (route: Route) => Promise<Measured | undefined>;
  tell: (route: Route, line: string) => void;
  /** Seconds until a call is answered for the first time; undefined when none is in a minute. */
  first: (route: Route) => Promise<number | undefined>;
};

/** The lab with the tunnel, and the same without. */
export type Which = 'tunnel' | 'bare';

/** `up` resolves to the seconds it took. */
export type UpsTrial = { up: (which: Which) => Promise<number>; down: (which: Which) => Promise<void> };

/** Seconds of `up` with and without the tunnel, and the ratio of the medians. */
type UpsFigures = { with: Figure; without: Figure; ratio: number };

/** `measured` is null where the target was out of reach or did not answer in time. */
export type TunnelFigures = {
  topology: string;
  /** Of the routes by ClusterIP, all asked at once when the lab has just come up: seconds until the first answer; null when there was none. */
  firstAnswers: (Route & { seconds: number | null })[];
  flows: (Route & { path: string; how: string; measured: Measured | null })[];
};

/** In turn, so that both meet the same machine; the last lab with the tunnel stays up. */
export const benchTunnelUps = async (runs: number, { up, down }: UpsTrial): Promise<UpsFigures> => {
  const seconds = { bare: [] as number[], tunnel: [] as number[] };
  for (let run = 1; run <= runs; run++) {
    seconds.bare.push(await up('bare'));
    await down('bare');
    seconds.tunnel.push(await up('tunnel'));
    if (run < runs) await down('tunnel');
  }
  const [tunnel, bare] = [toFigure(seconds.tunnel), toFigure(seconds.bare)];
  return { with: tunnel, without: bare, ratio: ratioOf(tunnel, bare) };
};

/** One pair of each kind: cloud to edge and back, two edges of a LAN, two edges of different LANs. */
const choosePairs = (members: readonly Member[]): [Member, Member][] => {
  const [cloud] = members.filter(({ edge }) => !edge);
  const [first, ...others] = members.filter(({ edge }) => edge);
  const near = others.find(({ segment }) => segment === first?.segment);
  const far = others.find(({ segment }) => segment !== first?.segment);
  const pairs: [Member | undefined, Member | undefined][] = [
    [cloud, first],
    [first, cloud],
    [first, near],
    [first, far],
  ];
  return pairs.filter((pair): pair is [Member, Member] => pair[0] !== undefined && pair[1] !== undefined);
};

/** Pair by pair: by address where routers lead there, by podIP, by ClusterIP. */
const listRoutes = ({ members, bare }: Pick<TunnelTrial, 'members' | 'bare'>): Route[] =>
  choosePairs(members).flatMap(([{ name: from }, { name: to }]) => [
    ...(bare(from, to) ? [{ from, to, over: 'address' as const }] : []),
    { from, to, over: 'podIP' },
    { from, to, over: 'ClusterIP' },
  ]);

/** One flow after another: they share the machine. */
export const benchTunnel = async (topology: string, trial: TunnelTrial): Promise<TunnelFigures> => {
  const routes = listRoutes(trial);
  const firstAnswers = await Promise.all(
    routes.filter(({ over }) => over === 'ClusterIP').map(async (route) => ({ ...route, seconds: (await trial.first(route)) ?? null })),
  );
  const looks = await trial.look(routes);
  const flows: TunnelFigures['flows'] = [];
  for (const [index, route] of routes.entries()) {
    const { reachable, path, how } = looks[index]!;
    const measured = reachable ? ((await trial.measure(route)) ?? null) : null;
    trial.tell(route, measured ? `${path}: ${sayMeasured(measured)}` : `${path}: not measured`);
    flows.push({ ...route, path, how, measured });
  }
  return { topology, firstAnswers, flows };
};

/** `0.31 ms, p99 0.62 ms; 812 Mbit/s up, 640 down`. */
const sayMeasured = ({ p50Ms, p99Ms, upMbit, downMbit }: Measured): string =>
  `${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms; ${upMbit.toFixed(0)} Mbit/s up, ${downMbit.toFixed(0)} down`;
