/** What a ruleset must know about the router it is for, and the chains all routers share. */
import { isIpv6 } from '../lib/ipv6.ts';
import type { Cidr, Ipv4 } from '../model/address.ts';
import type { Door, PortForward } from '../model/nat.ts';

/** Addresses and interfaces of one router, all of one family; what it does to packets is its behaviour. */
export type RouterFacts = {
  /** Outside address; without a pool every mapping uses it. */
  wan: Ipv4;
  /** All outside addresses where there are several, `wan` first. */
  pool?: readonly Ipv4[];
  /** Prefix of the LAN; only its addresses are translated. */
  lanSubnet: Cidr;
  /** Prefixes of sites further inside that are routed, not translated, on their way here. */
  routedSubnets?: readonly Cidr[];
  /** Of a one-to-one NAT: which outside address is whose. */
  pairs?: readonly { inside: Ipv4; outside: Ipv4 }[];
  /** Inside addresses in the order in which they get their port blocks, or their address of the pool. */
  subscribers?: readonly Ipv4[];
  forwards?: readonly PortForward[];
  /** Hosts may open ports by themselves. */
  upnp?: boolean;
  /** True behind another NAT: what is routed there may be private. */
  privateUplink?: boolean;
  /** Further ways out with addresses of their own; `wan` and the pool are on the first. */
  backups?: readonly { wan: Ipv4; device: string }[];
  /** Interfaces to other sites' routers, by which neither is translated. */
  peers?: readonly string[];
  /** Interface names, `wan0` and `lan0` unless told otherwise. */
  wanInterface?: string;
  lanInterface?: string;
};

/** The ports of one outside address: who owns which is in maps of their own, whose names end in the suffix. */
export type PortSpace = { address: Ipv4; suffix: string };

/** One way out. */
export type Exit = { wanIf: string; wan: Ipv4; spaces: readonly PortSpace[]; /** Bits of the packet mark that lead to it. */ mark: string };

/** Router facts with the interface names filled in and quoted for nftables; `lan`, `wan`, `outside`, `wanIf` are one element or a set of them. */
export type Ends = {
  family: Family;
  /** The first outside address of each way out. */
  wan: string;
  /** Every outside address. */
  outside: string;
  exits: readonly [Exit, ...Exit[]];
  spaces: readonly PortSpace[];
  lan: string;
  wanIf: string;
  lanIf: string;
  forwards: readonly PortForward[];
  /** Ports lead inwards, by the topology or because hosts asked for it. */
  opensPorts: boolean;
};

/** As nftables calls them: of tables, and of the addresses in a packet. */
export type Family = 'ip' | 'ip6';

/** By the form of the text. */
export const familyOf = (subnet: Cidr): Family => (isIpv6(subnet) ? 'ip6' : 'ip');

/** Fills in what the facts leave out: `wan0`, `lan0`, a pool of the one outside address, no forwards. */
export const bindEnds = (at: RouterFacts): Ends => {
  const exits = listExits(at);
  const spaces = exits.flatMap((exit) => exit.spaces);
  return {
    family: familyOf(at.lanSubnet),
    wan: setOf(exits.map(({ wan }) => wan)),
    outside: setOf(spaces.map(({ address }) => address)),
    exits,
    spaces,
    lan: setOf([at.lanSubnet, ...(at.routedSubnets ?? [])]),
    wanIf: setOf([...exits.map(({ wanIf }) => wanIf), ...(at.peers ?? []).map((peer) => `"${peer}"`)]),
    lanIf: `"${at.lanInterface ?? 'lan0'}"`,
    forwards: at.forwards ?? [],
    opensPorts: (at.forwards ?? []).length > 0 || at.upnp === true,
  };
};

const listExits = ({ wan, pool = [wan], backups = [], wanInterface = 'wan0' }: RouterFacts): [Exit, ...Exit[]] => {
  let number = 0;
  const space = (address: Ipv4): PortSpace => ({ address, suffix: (number += 1) === 1 ? '' : `_${number}` });
  const exit = (device: string, address: Ipv4, all: readonly Ipv4[], index: number): Exit => ({
    wanIf: `"${device}"`,
    wan: address,
    spaces: all.map(space),
    mark: exitMark(index),
  });
  return [exit(wanInterface, wan, pool, 0), ...backups.map((one, index) => exit(one.device, one.wan, [one.wan], index + 1))];
};

/** One element as it is, several in braces. */
export const setOf = (elements: readonly string[]): string => (elements.length === 1 ? elements[0]! : `{ ${elements.join(', ')} }`);

/** Prefixes that no provider carries on the internet (RFC 1918, RFC 6598, RFC 3927): a packet from there went round a NAT. */
export const privatePrefixes = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'] as const;

/** A table that replaces itself atomically: made if missing, deleted, made anew. */
export const replaceTable = (body: string[], table = 'ip lab'): string =>
  [`table ${table} {}`, `delete table ${table}`, `table ${table} {`, ...body.map((line) => (line === '' ? '' : `  ${line}`)), '}', ''].join(
    '\n',
  );

/** A base chain or map with its lines indented. */
export const block = (head: string, lines: readonly string[]): string[] => [`${head} {`, ...lines.map((line) => `  ${line}`), '}'];

/** Bit of the packet mark that says the rules are there and have seen the packet. */
const seenMark = '0x1';

/**
 * When a router stops, the kernel takes its rules away before its interfaces and goes on forwarding meanwhile. So the way
 * out of the LAN is only open to packets that a rule has marked: without rules nothing passes.
 */
export const markChain = ({ lanIf, exits }: Ends): string[] => [
  ...block('chain seen', [
    'type filter hook prerouting priority mangle; policy accept;',
    `iifname ${lanIf} meta mark set ${exits.length > 1 ? 'ct mark' : 'meta mark'} or ${seenMark}`,
    ...(exits.length > 1 ? exits.map(({ wanIf, mark }) => `iifname ${wanIf} ct mark 0x0 ct mark set ${mark}`) : []),
  ]),
  ...(exits.length > 1
    ? [
        '# a flow keeps the way it began on',
        ...block('chain kept', [
          'type filter hook postrouting priority mangle; policy accept;',
          ...exits.map(({ wanIf, mark }) => `oifname ${wanIf} ct mark 0x0 ct mark set ${mark}`),
        ]),
      ]
    : []),
];

/** Connection mark of the flows of one way out; every fourth bit, above the one of `seen`. */
export const exitMark = (index: number): string => `0x${(1 << (4 * (index + 1))).toString(16)}`;

/** What closes the way to unmarked packets, as arguments of `ip rule add`. */
export const markRule = (lanInterface: string): string => `iif ${lanInterface} fwmark 0/${seenMark} blackhole`;

/** Whatever left untranslated stays inside: `leaking` are matches of what must not leave. */
export const guardChain = (leaking: readonly string[]): string[] => [
  '# whatever was not translated stays inside',
  ...block('chain guard', [
    'type filter hook postrouting priority srcnat + 20; policy accept;',
    ...leaking.map((match) => `${match} counter drop`),
  ]),
];

/** What must not leave a NAT: anything that does not have an address of the way it takes. */
export const untranslated = ({ exits }: Ends): string[] =>
  exits.map(({ wanIf, spaces }) => `oifname ${wanIf} ip saddr != ${setOf(spaces.map(({ address }) => address))}`);

/** Narrows a match to one outside address, where there are others. */
export const toSpace = (spaces: readonly PortSpace[], { address }: PortSpace, field = 'ip daddr'): string =>
  spaces.length > 1 ? `${field} ${address} ` : '';

/** The refusal of a packet, as people see it from closed ports. */
export const refuse = (match: string, family: Family = 'ip'): string[] => [
  `${match} meta l4proto tcp counter reject with tcp reset`,
  `${match} meta l4proto udp counter reject with ${icmpOf[family]} port-unreachable`,
];

const icmpOf: Record<Family, string> = { ip: 'icmp', ip6: 'icmpv6' };

/**
 * The router itself: unless `inbound` says otherwise, nothing of it is open to the outside. Were it to accept, an early packet
 * of a peer would become a connection to the router and take the port away from the LAN host that is punching towards that peer.
 */
export const inputChain = ({ outside, spaces, wanIf, lanIf }: Ends, { inbound = 'drop' }: Door = {}, { owned = false } = {}): string[] =>
  block('chain input', [
    'type filter hook input priority filter; policy drop;',
    'iifname "lo" accept',
    'ct state established,related accept',
    `iifname ${lanIf} ip daddr ${outside} meta l4proto { tcp, udp } counter drop`,
    `iifname ${lanIf} accept`,
    'icmp type echo-request accept',
    ...(inbound === 'reject' ? refuse(`iifname ${wanIf}`) : []),
    // A port that belongs to a LAN host is never the router's own.
    ...(inbound === 'accept' && owned
      ? spaces.map(
          (space) =>
            `iifname ${wanIf} ${toSpace(spaces, space)}meta l4proto { tcp, udp } meta l4proto . th dport @owner${space.suffix} counter drop`,
        )
      : []),
    ...(inbound === 'accept' ? [`iifname ${wanIf} meta l4proto { tcp, udp } accept`] : []),
  ]);

/** What may cross: the LAN's own addresses outwards, and inwards what the NAT let in. Where UDP is blocked, names still resolve. */
export const forwardChain = (
  { family, wanIf, lanIf, lan, opensPorts }: Ends,
  { blocksUdp = false }: Door,
  inwards: readonly string[],
): string[] =>
  block('chain forward', [
    'type filter hook forward priority filter; policy drop;',
    'ct state invalid counter drop',
    'ct state established,related accept',
    `iifname ${wanIf} ${family} saddr ${lan} counter drop`,
    `iifname ${lanIf} ${family} saddr != ${lan} counter drop`,
    ...(blocksUdp ? [`iifname ${lanIf} meta l4proto udp th dport != 53 counter drop`] : []),
    `iifname ${lanIf} oifname ${wanIf} accept`,
    ...new Set([...inwards, ...(opensPorts ? ['ct status dnat accept'] : [])]),
  ]);
