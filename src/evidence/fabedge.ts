/** What FabEdge's tunnels say of a flow: which child SA counted it, and whether the connector stood between the ends. */
import { plural } from '../lib/names.ts';
import type { Evidence } from '../model/check.ts';
import type { Packet } from './packet.ts';
import type { ChildSa, IkeSa } from './sas.ts';
import { listTunnelTraffic, type TunnelFlow, type TunnelJudge, type TunnelVerdict } from './tunnel.ts';

/** How FabEdge is laid out in the lab, and what its tunnels counted and captures saw during one round of probes. */
type FabedgeRecords = {
  /** Name of the cluster: ends of tunnels are called `<cluster>.<node>`. */
  cluster: string;
  /** Node of the connector, and the port at which edges find it. */
  connector: string;
  port: number;
  /** Whether edges find each other with the connector's help. */
  mediated: boolean;
  edges: readonly string[];
  /** Node → the router of its LAN. */
  routers: ReadonlyMap<string, string>;
  /** Node → its SAs before and after the round. */
  before: ReadonlyMap<string, readonly IkeSa[]>;
  after: ReadonlyMap<string, readonly IkeSa[]>;
  packets: readonly Packet[];
};

/** Port of IKE and ESP behind NATs (RFC 3948). */
export const natTraversalPort = 4500;

/** Child SAs of FabEdge that carry pods' packets: pod to pod, node to pod, pod to node. */
type Grown = { sa: IkeSa; child: ChildSa; packets: number };

/**
 * Judges flows to Services and pods with an edge at one end or both: by the SA between two edges, else by that of the connector
 * with the edge. A flow was carried when a child SA counted packets in the round, so flows of one round between the same nodes are
 * not told apart.
 */
export const judgeFabedge =
  (records: FabedgeRecords): TunnelJudge =>
  (flow) => {
    const { connector, edges } = records;
    const ends = [flow.from, flow.to].filter((node) => edges.includes(node));
    if (flow.from === flow.to || flow.asked === 'address' || ends.length === 0) return undefined;
    const [edge = ''] = ends;
    if (ends.length === 2)
      return describe(records, flow, flow.from, listGrown(records, flow.from, flow.to)) ?? explainMissing(records, flow.from, flow.to);
    return describe(records, flow, connector, listGrown(records, connector, edge));
  };

/** Children of the SA between two nodes, as `at` counts them, that had packets during the round. */
const listGrown = ({ cluster, before, after }: FabedgeRecords, at: string, other: string): Grown[] => {
  const name = `${cluster}.${other}`;
  const earlier = (before.get(at) ?? []).filter((sa) => sa.name === name).flatMap(({ children }) => children);
  return (after.get(at) ?? [])
    .filter((sa) => sa.name === name)
    .flatMap((sa) =>
      sa.children.map((child) => {
        // a rekeyed child begins at zero under another SPI
        const same = earlier.find((one) => one.in.spi === child.in.spi);
        return { sa, child, packets: child.in.packets + child.out.packets - (same ? same.in.packets + same.out.packets : 0) };
      }),
    )
    .filter(({ packets }) => packets > 0);
};

/**
 * An edge that is told of another one begins an IKE SA with it. While nobody answers, packets for the other's pods have no
 * tunnel and keep the address of their pod, which the LAN's router lets nowhere. Edges that share no Community have no SA.
 */
const explainMissing = ({ cluster, after, mediated }: FabedgeRecords, from: string, to: string): TunnelVerdict | undefined => {
  const sas = (after.get(from) ?? []).filter(({ name }) => name === `${cluster}.${to}`);
  const [sa] = sas;
  if (!sa || sas.some(({ state }) => state === 'ESTABLISHED')) return undefined;
  const where = mediated ? 'no holes that met came of the mediation' : `nobody answers ${from} at ${sa.remote.address}`;
  return {
    path: { kind: 'lost', through: [], by: 'IPsec' },
    how: `no tunnel to ${to}: IKE is ${sa.state}, ${where}`,
    evidence: sas.map(({ name, state, remote, raw }) => ({
      at: `${from} strongSwan`,
      saw: `${name} ${state}, ${remote.address}[${String(remote.port)}]`,
      raw,
    })),
  };
};

const describe = (
  { connector, port, edges, routers, packets, mediated }: FabedgeRecords,
  { from, to }: TunnelFlow,
  at: string,
  grown: Grown[],
): TunnelVerdict | undefined => {
  if (grown.length === 0) return undefined;
  const byGateway = ![from, to].includes(connector) && !(edges.includes(from) && edges.includes(to));
  const through = [from, ...(byGateway ? [connector] : []), to]
    .flatMap((node) => (node === connector && byGateway ? [node] : [routers.get(node) ?? '']))
    .filter((name) => name !== '');
  const counted = grown.map(({ sa, child, packets: count }): Evidence => ({
    at: `${at} strongSwan`,
    saw: `${plural(count, 'packet')} in ${child.name}, ${child.mode} with ${sa.remote.address}[${String(sa.remote.port)}]`,
    raw: sa.raw,
  }));
  const wires = [at, ...through.filter((name) => name !== at)];
  return {
    path: { kind: byGateway ? 'gateway' : 'direct', through, by: byGateway ? connector : 'IPsec' },
    how: byGateway
      ? `through the gateway ${connector}, by IPsec`
      : `IPsec between ${from} and ${to}${mediated && at !== connector ? ', through holes in their NATs' : ''}`,
    evidence: [...counted, ...listTunnelTraffic(packets, wires, [natTraversalPort, port])],
  };
};
