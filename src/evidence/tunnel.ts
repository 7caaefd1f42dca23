/** What a tunnel tells of the flows it carries: the seam between tunnels and verdicts. */
import { plural } from '../lib/names.ts';
import type { Evidence, Path } from '../model/check.ts';
import type { Packet } from './packet.ts';
import { outermost, sourceOf, targetOf } from './packet.ts';

/** One flow as a tunnel may know it. */
export type TunnelFlow = {
  /** Node it starts on, and node whose pod must answer. */
  from: string;
  to: string;
  /** What was asked: a Service (by ClusterIP or name), a podIP, or a node's own address. */
  asked: 'service' | 'pod' | 'address';
  /** `address:port` of that pod, as the tunnel's far end dials it; absent where it is not known. */
  target?: string;
};

/** By which way the tunnel carried the flow, or that it lost it, and what shows so. */
export type TunnelVerdict = {
  path: Path;
  /** One line for the verdict table: `relayed by cloud`, `direct between the agents`. */
  how: string;
  evidence: Evidence[];
};

/** Undefined when the tunnel knows nothing of the flow: it did not carry it. */
export type TunnelJudge = (flow: TunnelFlow) => TunnelVerdict | undefined;

/**
 * Who talked to whom through a tunnel's port, as captures show it: one row for each container, interface and pair of
 * addresses, with the number of packets both ways. `at` chooses containers; one end's port on the wire is one of `ports`.
 */
export const listTunnelTraffic = (packets: readonly Packet[], at: readonly string[], ports: readonly number[]): Evidence[] => {
  const rows = new Map<string, { at: string; pair: string; count: number; raw: string }>();
  for (const packet of packets) {
    const layer = outermost(packet);
    if (!at.includes(packet.at) || !('sport' in layer) || !ports.some((port) => port === layer.sport || port === layer.dport)) continue;
    const pair = [sourceOf(layer), targetOf(layer)].toSorted().join(' and ');
    const place = `${packet.at} ${packet.interface}`;
    const row = rows.get(`${place} ${pair}`);
    if (row) row.count += 1;
    else rows.set(`${place} ${pair}`, { at: place, pair, count: 1, raw: packet.raw });
  }
  return [...rows.values()].map((row) => ({
    at: row.at,
    saw: `${plural(row.count, 'packet')} of the tunnel between ${row.pair}`,
    raw: row.raw,
  }));
};
