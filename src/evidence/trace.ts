/** One direction of a flow as scenarios ask about it: where it left for, and where it was seen. */
import type { Scene } from './explain.ts';
import { onWires } from './explain.ts';
import type { Packet } from './packet.ts';
import { outermost, sourceOf, targetOf } from './packet.ts';

/** Sightings of a flow's requests or of its replies; each at the first time at its place, in the order of time. */
export type Trace = {
  packets: readonly Packet[];
  /** `address:port` pairs of the outermost header with which it left the container's wire; undefined if it never did. */
  leaving(container: string): { from: string; to: string; tunnel: boolean } | undefined;
  /** The same, when it came in from the wire. */
  entering(container: string): { from: string; to: string; tunnel: boolean } | undefined;
  /** Whether any interface of the container saw it; undefined where there was no capture. */
  seenAt(container: string): boolean | undefined;
};

/** `captured`: the containers that were captured. */
export const makeTrace = (packets: readonly Packet[], scene: Scene, captured: ReadonlySet<string>): Trace => {
  const find = (container: string, direction: Packet['direction']) => {
    const packet = onWires(packets, scene).find((each) => each.at === container && each.direction === direction);
    if (!packet) return undefined;
    const layer = outermost(packet);
    return { from: sourceOf(layer), to: targetOf(layer), tunnel: layer.kind === 'vxlan' };
  };
  return {
    packets,
    leaving: (container) => find(container, 'out'),
    entering: (container) => find(container, 'in'),
    seenAt: (container) => (captured.has(container) ? packets.some(({ at }) => at === container) : undefined),
  };
};
