/** The hop table of a flow: each sighting as one row of evidence. */
import type { Evidence } from '../model/check.ts';
import { nameOf } from './explain.ts';
import type { Flow } from './flow.ts';
import type { Packet } from './packet.ts';
import { innermost, outermost, sourceOf, targetOf } from './packet.ts';

/** Rows in the order of time: request, errors and reply as they were seen. */
export const listHops = (flow: Flow): Evidence[] =>
  [...flow.requests, ...flow.replies, ...flow.errors.map(({ packet }) => packet)].toSorted((a, b) => a.time - b.time).map(describe);

const describe = (packet: Packet): Evidence => ({ at: `${packet.at} ${packet.interface}`, saw: `${packet.direction}: ${content(packet)}`, raw: packet.raw });

const content = (packet: Packet): string => {
  const inner = innermost(packet);
  const what = `${nameOf(packet)} ${sourceOf(inner)} > ${targetOf(inner)}`;
  const outer = outermost(packet);
  if (outer.kind === 'icmp-error') return `${outer.src} says ${outer.says}, about ${what}`;
  return outer.kind === 'vxlan' ? `${what} in VXLAN ${sourceOf(outer)} > ${targetOf(outer)}` : what;
};
