/** The hop table of a flow: each sighting as one row of evidence. */
import type { Evidence } from '../model/check.ts';
import { nameOf, onWires, type Scene } from './explain.ts';
import type { Flow } from './flow.ts';
import type { Packet } from './packet.ts';
import { innermost, outermost, sourceOf, targetOf } from './packet.ts';

/**
 * Rows in the order of time: request, errors and reply as they were seen; with the capture's own line for what was on a wire. Of a
 * flow that was `lost` the last sighting of the leg that did not arrive is marked.
 */
export const listHops = (flow: Flow, scene: Scene, lost = false): Evidence[] => {
  const packets = [...flow.requests, ...flow.replies, ...flow.errors.map(({ packet }) => packet)].toSorted((a, b) => a.time - b.time);
  const last = lost ? (flow.replies.length > 0 ? flow.replies : flow.requests).at(-1) : undefined;
  const wired = new Set(onWires(packets, scene));
  return packets.map((packet) => ({
    at: `${packet.at} ${packet.interface}`,
    saw: `${packet.direction}: ${content(packet)}`,
    ...(wired.has(packet) ? { raw: packet.raw } : {}),
    ...(packet === last ? { last: true as const } : {}),
  }));
};

const content = (packet: Packet): string => {
  const inner = innermost(packet);
  const what = `${nameOf(packet)} ${sourceOf(inner)} > ${targetOf(inner)}`;
  const outer = outermost(packet);
  if (outer.kind === 'icmp-error') return `${outer.src} says ${outer.says}, about ${what}`;
  return outer.kind === 'vxlan' ? `${what} in VXLAN ${sourceOf(outer)} > ${targetOf(outer)}` : what;
};
