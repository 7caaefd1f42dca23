/** The NAT kinds a topology may name: each is only a behaviour and the device class known to behave so. */
import type { Dependence, NatBehaviour, PortAssignment } from '../model/lab.ts';

export type NatPreset = {
  name: string;
  /** Other words for the same thing; accepted in a topology, never printed. */
  aliases: readonly string[];
  /** Devices in the field that behave so. */
  like: string;
  behaviour: NatBehaviour;
};

/** Seconds. UDP: what most home routers use, below the 120 s of RFC 4787 REQ-5. TCP: the minimum of RFC 5382 REQ-5. */
export const commonTimeouts = { udp: 30, tcp: 7440 } as const;

/** What an unconfigured Linux kernel uses: `nf_conntrack_udp_timeout_stream`, `nf_conntrack_tcp_timeout_established`. */
const linuxTimeouts = { udp: 120, tcp: 432_000 } as const;

const rfc4787 = (mapping: Dependence, filtering: Dependence, ports: PortAssignment): NatBehaviour => ({
  kind: 'rfc4787',
  mapping,
  filtering,
  ports,
  hairpinning: false,
  timeouts: { ...commonTimeouts },
});

export const natPresets: readonly NatPreset[] = [
  {
    name: 'full-cone',
    aliases: ['fc', 'full-cone-nat'],
    like: 'home router with "full cone" or "open NAT" switched on',
    behaviour: rfc4787('endpoint-independent', 'endpoint-independent', 'preserve'),
  },
  {
    name: 'address-restricted',
    aliases: ['rc', 'restricted-cone', 'address-restricted-cone'],
    like: 'older restricted-cone home gateway',
    behaviour: rfc4787('endpoint-independent', 'address-dependent', 'preserve'),
  },
  {
    name: 'port-restricted',
    aliases: ['prc', 'port-restricted-cone'],
    like: 'the usual home router',
    behaviour: rfc4787('endpoint-independent', 'address-and-port-dependent', 'preserve'),
  },
  {
    name: 'symmetric',
    aliases: ['sym', 'symmetric-nat'],
    like: 'enterprise firewall, cloud NAT gateway, many 4G and 5G carriers',
    behaviour: rfc4787('address-and-port-dependent', 'address-and-port-dependent', 'random'),
  },
  {
    name: 'masquerade',
    aliases: ['masq', 'stock'],
    like: 'plain Linux MASQUERADE: OpenWrt, a VM used as a router',
    behaviour: { kind: 'stock', timeouts: { ...linuxTimeouts } },
  },
  {
    name: 'none',
    aliases: ['routed'],
    like: 'router of a site that has its own public prefix',
    behaviour: { kind: 'none' },
  },
];

/** The preset with that name or alias. */
export const findNatPreset = (word: string): NatPreset | undefined =>
  natPresets.find(({ name, aliases }) => name === word || aliases.includes(word));
