/** One captured packet as its layers, outermost first, and where it was seen. */
import type { Ipv4 } from '../model/address.ts';

/** A VXLAN packet is [vxlan, tcp]; an ICMP error is [icmp-error, …the packet it quotes]. Ports and ids are numbers on the wire. */
export type Layer = { src: Ipv4; dst: Ipv4 } & (
  | { kind: 'tcp'; sport: number; dport: number; flags: string; seq?: number; ack?: number }
  /** `length` is that of the payload, in bytes: it survives every NAT. */
  | { kind: 'udp'; sport: number; dport: number; length?: number }
  /** A query has the name asked for, an answer has what it says. */
  | { kind: 'dns'; sport: number; dport: number; id: number; name?: string; answer?: string }
  | { kind: 'vxlan'; sport: number; dport: number; vni: number }
  /** `length` is the whole ICMP message in bytes (payload + 8): it survives every NAT, the id does not. */
  | { kind: 'echo'; reply: boolean; id: number; length: number }
  /** RFC 792 destination unreachable and its kin; `says` in tcpdump's words: `host 192.168.1.11 unreachable`. */
  | { kind: 'icmp-error'; says: string }
  | { kind: 'other' }
);

/** As seen from the container: `in` is also what only passed by, such as multicast and frames for another host. */
type Direction = 'in' | 'out';

/** One sighting of a packet, by tcpdump on all interfaces of a container: who forwards it shows it once coming and once going. */
export type Packet = {
  /** Container whose network namespace it was captured in. */
  at: string;
  interface: string;
  direction: Direction;
  /** Seconds since the epoch with microseconds; all containers share the kernel's clock. */
  time: number;
  layers: [Layer, ...Layer[]];
  /** The capture's own text, one line. */
  raw: string;
};

/** What the packet carries in the end: the innermost layer. */
export const innermost = ({ layers }: Packet): Layer => layers[layers.length - 1] ?? layers[0];

/** The address pair that the network it was seen on routes by. */
export const outermost = ({ layers }: Packet): Layer => layers[0];

/** `192.168.1.11:8472`, or the bare address where there are no ports. */
export const sourceOf = (layer: Layer): string => ('sport' in layer ? `${layer.src}:${layer.sport}` : layer.src);
/** The same of where it goes to. */
export const targetOf = (layer: Layer): string => ('dport' in layer ? `${layer.dst}:${layer.dport}` : layer.dst);
