/** What a router does to the packets that pass it, in the words of RFC 4787, and the ports that lead inside by configuration. */
import type { Cidr, Ipv4 } from './address.ts';

/** RFC 4787 §4.1 (mapping) and §5 (filtering) share this one type. */
export type Dependence = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

/**
 * How a NAT picks the outside port (RFC 4787 §4.2). `preserve` keeps it and falls back to random on collision, `sequential` counts up.
 * A range is picked from at random; with `perSubscriber` each inside address has a block of so many ports of it (RFC 6888).
 */
export type PortAssignment = 'preserve' | 'random' | 'sequential' | { from: number; to: number; perSubscriber?: number };

/** What the router answers to what nobody asked for: silence, a refusal, or it takes the packet for itself (RFC 5382 REQ-4). */
export type Inbound = 'drop' | 'reject' | 'accept';

/** What routers do besides translating; absent: `inbound` drop, UDP passes. */
export type Door = { inbound?: Inbound; blocksUdp?: boolean };

/** Seconds an idle binding lives; RFC 4787 REQ-5 and RFC 5382 REQ-5. */
export type NatTimeouts = { udp: number; tcp: number };

/**
 * NAT behaviour by RFC 4787 axes; rules are generated from this only, never from a preset's name.
 * `stock` is Linux `masquerade` as it really behaves: it looks endpoint-independent to one host but overloads ports.
 * `firewall` translates nothing and lets in only answers. `one-to-one` gives every inside host an outside address of its own.
 */
export type NatBehaviour =
  | { kind: 'none' }
  | ({ kind: 'firewall'; timeouts: NatTimeouts } & Door)
  | ({
      kind: 'rfc4787';
      mapping: Dependence;
      filtering: Dependence;
      ports: PortAssignment;
      hairpinning: boolean;
      /** A host's mappings may have different outside addresses (RFC 4787 §4.1); absent: they all have one, paired with the host. */
      pooling?: 'arbitrary';
      timeouts: NatTimeouts;
    } & Door)
  | ({ kind: 'one-to-one'; filtering: 'endpoint-independent' | 'address-and-port-dependent'; timeouts: NatTimeouts } & Door)
  | ({ kind: 'stock'; ports?: 'random'; timeouts: NatTimeouts } & Door)
  | Ipv6Behaviour;

/**
 * What a router does to IPv6: it routes, and lets in by `filtering` (RFC 6092 §3), `open` being everybody. With `prefix` the LAN's
 * prefix is exchanged for that one on the way out (RFC 6296). Records live as long as those of the router's NAT.
 */
export type Ipv6Behaviour = { kind: 'ipv6'; filtering: Dependence | 'open'; prefix?: Cidr; timeouts: NatTimeouts } & Door;

/** Where a forward leads: an inside address, and its ports, as many as outside. */
export type ForwardTarget = { to: Ipv4; inside: [from: number, to: number] };

/**
 * Ports of a router's outside address that always lead inside, whoever asks. With `others` new flows are balanced over all
 * targets: in turn, or by the address of who asks, which then always gets the same one.
 */
export type PortForward = ForwardTarget & {
  protocol: 'tcp' | 'udp';
  outside: [from: number, to: number];
  others?: ForwardTarget[];
  balance?: 'in-turn' | 'by-source';
};
