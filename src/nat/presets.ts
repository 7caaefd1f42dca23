/** The NAT kinds a topology may name: each is only a behaviour and the device class known to behave so. */
import type { Dependence, NatBehaviour } from '../model/nat.ts';

/** A NAT that a topology calls by its name: `nat: cgnat`. */
export type NatPreset = {
  name: string;
  /** Other words for the same thing; accepted in a topology, never printed. */
  aliases: readonly string[];
  /** Devices in the field that behave so. */
  like: string;
  behaviour: NatBehaviour;
};

/** A NAT that maps and filters by the axes of RFC 4787. */
export type Rfc4787 = Extract<NatBehaviour, { kind: 'rfc4787' }>;

/** Seconds. UDP: what most home routers use, below the 120 s of RFC 4787 REQ-5. TCP: the minimum of RFC 5382 REQ-5. */
export const commonTimeouts = { udp: 30, tcp: 7440 } as const;

/** What an unconfigured Linux kernel uses: `nf_conntrack_udp_timeout_stream`, `nf_conntrack_tcp_timeout_established`. */
const linuxTimeouts = { udp: 120, tcp: 432_000 } as const;

const ei = 'endpoint-independent';
const ad = 'address-dependent';
const apd = 'address-and-port-dependent';

const nat = (mapping: Dependence, filtering: Dependence, change: Partial<Rfc4787> = {}): NatBehaviour => ({
  kind: 'rfc4787',
  mapping,
  filtering,
  ports: 'preserve',
  hairpinning: false,
  timeouts: { ...commonTimeouts },
  ...change,
});

const carrier: Partial<Rfc4787> = {
  ports: { from: 10_000, to: 59_999, perSubscriber: 1000 },
  hairpinning: true,
  timeouts: { udp: 60, tcp: commonTimeouts.tcp },
};
const stock = (change: Partial<Extract<NatBehaviour, { kind: 'stock' }>> = {}): NatBehaviour => ({
  kind: 'stock',
  timeouts: { ...linuxTimeouts },
  ...change,
});
const oneToOne = (filtering: typeof ei | typeof apd): NatBehaviour => ({ kind: 'one-to-one', filtering, timeouts: { ...commonTimeouts } });

const line = (name: string, aliases: string[], like: string, behaviour: NatBehaviour): NatPreset => ({ name, aliases, like, behaviour });

/** No two behave alike. Lists for people keep this order. */
export const natPresets: readonly NatPreset[] = [
  line('full-cone', ['fc', 'full-cone-nat'], 'home router with "full cone" or "open NAT" switched on', nat(ei, ei)),
  line('address-restricted', ['rc', 'restricted-cone', 'address-restricted-cone'], 'older restricted-cone home gateway', nat(ei, ad)),
  line('port-restricted', ['prc', 'port-restricted-cone'], 'home router without NAT loopback', nat(ei, apd)),
  line('home-router', ['home', 'nat-loopback'], 'the usual home router, with NAT loopback', nat(ei, apd, { hairpinning: true })),
  line('random-port', ['prc-random'], 'firewall with persistent mappings on random ports', nat(ei, apd, { ports: 'random' })),
  line('address-dependent', ['adm'], 'rare enterprise gateway that maps per remote address', nat(ad, apd)),
  line('symmetric', ['sym', 'symmetric-nat'], 'enterprise firewall, many 4G and 5G carriers', nat(apd, apd, { ports: 'random' })),
  line('symmetric-preserving', ['sym-pp', 'pat'], 'port address translation that keeps the port while it is free', nat(apd, apd)),
  line('symmetric-sequential', ['sym-seq'], 'old symmetric NAT with predictable ports', nat(apd, apd, { ports: 'sequential' })),
  line(
    'cloud-nat-gateway',
    ['nat-gateway', 'cloud-nat'],
    'NAT gateway of a public cloud',
    nat(apd, apd, { ports: 'random', timeouts: { udp: 350, tcp: 350 } }),
  ),
  line('cgnat', ['cgn', 'lsn'], 'carrier-grade NAT of a provider, a port block per subscriber (RFC 6888)', nat(ei, ei, carrier)),
  line('cgnat-symmetric', ['cgn-sym'], 'carrier-grade NAT that maps per destination', nat(apd, apd, carrier)),
  line('masquerade', ['masq', 'stock'], 'plain Linux MASQUERADE: OpenWrt, a VM used as a router', stock()),
  line('masquerade-random', ['masq-random'], 'Linux MASQUERADE --random-fully', stock({ ports: 'random' })),
  line('masquerade-reject', ['masq-reject'], 'Linux MASQUERADE that refuses what is unsolicited', stock({ inbound: 'reject' })),
  line(
    'masquerade-accept',
    ['masq-accept', 'masq-tie'],
    'Linux MASQUERADE without an input firewall, as most hand-made labs',
    stock({ inbound: 'accept' }),
  ),
  line('udp-blocked', ['udpblock', 'no-udp'], 'corporate or hotel network that lets no UDP out but DNS', nat(ei, apd, { blocksUdp: true })),
  line('one-to-one', ['1:1', 'elastic-ip'], 'elastic IP of a cloud with a security group', oneToOne(apd)),
  line('exposed-host', ['dmz'], 'exposed host, or a floating IP open to all', oneToOne(ei)),
  line('firewall', ['fw', 'stateful-firewall'], 'stateful firewall or security group without NAT', {
    kind: 'firewall',
    timeouts: { ...commonTimeouts },
  }),
  line('none', ['routed', 'open'], 'router of a site that has its own public prefix', { kind: 'none' }),
];

/** The preset with that name or alias. */
export const findNatPreset = (word: string): NatPreset | undefined =>
  natPresets.find(({ name, aliases }) => name === word || aliases.includes(word));
