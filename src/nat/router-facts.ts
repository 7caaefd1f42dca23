/** What a ruleset must know about the router it is for, and the chains all routers share. */
import type { Cidr, Ipv4 } from '../model/lab.ts';

export type RouterFacts = {
  /** Outside address; every mapping uses it. */
  wan: Ipv4;
  /** Prefix of the LAN; only its addresses are translated. */
  lanSubnet: Cidr;
  /** Interface names, `wan0` and `lan0` unless told otherwise. */
  wanInterface?: string;
  lanInterface?: string;
};

/** Router facts with the interface names filled in and quoted for nftables. */
export type Ends = { wan: Ipv4; lan: Cidr; wanIf: string; lanIf: string };

export const bindEnds = (at: RouterFacts): Ends => ({
  wan: at.wan,
  lan: at.lanSubnet,
  wanIf: `"${at.wanInterface ?? 'wan0'}"`,
  lanIf: `"${at.lanInterface ?? 'lan0'}"`,
});

/** Prefixes that no provider carries on the internet (RFC 1918, RFC 6598, RFC 3927): a packet from there went round a NAT. */
export const privatePrefixes = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'] as const;

/** A table that replaces itself atomically: made if missing, deleted, made anew. */
export const replaceTable = (body: string[]): string =>
  ['table ip lab {}', 'delete table ip lab', 'table ip lab {', ...body.map((line) => (line === '' ? '' : `  ${line}`)), '}', ''].join('\n');

/** A base chain or map with its lines indented. */
export const block = (head: string, lines: readonly string[]): string[] => [`${head} {`, ...lines.map((line) => `  ${line}`), '}'];

/** Bit of the packet mark that says the rules are there and have seen the packet. */
const seenMark = '0x1';

/**
 * When a router stops, the kernel takes its rules away before its interfaces and goes on forwarding meanwhile. So the way
 * out of the LAN is only open to packets that a rule has marked: without rules nothing passes.
 */
export const markChain = ({ lanIf }: Ends): string[] =>
  block('chain seen', [
    'type filter hook prerouting priority mangle; policy accept;',
    `iifname ${lanIf} meta mark set meta mark or ${seenMark}`,
  ]);

/** What closes the way to unmarked packets, as arguments of `ip rule add`. */
export const markRule = (lanInterface: string): string => `iif ${lanInterface} fwmark 0/${seenMark} blackhole`;

/**
 * The router itself: nothing of it is open to the outside. Were it to accept, an early packet of a peer would become a
 * connection to the router and take the port away from the LAN host that is punching towards that peer.
 */
export const inputChain = ({ wan, lanIf }: Ends): string[] =>
  block('chain input', [
    'type filter hook input priority filter; policy drop;',
    'iifname "lo" accept',
    'ct state established,related accept',
    `iifname ${lanIf} ip daddr ${wan} meta l4proto { tcp, udp } counter drop`,
    `iifname ${lanIf} accept`,
    'icmp type echo-request accept',
  ]);

/** What may cross: the LAN's own addresses outwards, and inwards what the NAT let in. */
export const forwardChain = ({ wanIf, lanIf, lan }: Ends, inwards: readonly string[]): string[] =>
  block('chain forward', [
    'type filter hook forward priority filter; policy drop;',
    'ct state invalid counter drop',
    'ct state established,related accept',
    `iifname ${wanIf} ip saddr ${lan} counter drop`,
    `iifname ${lanIf} ip saddr != ${lan} counter drop`,
    `iifname ${lanIf} oifname ${wanIf} accept`,
    ...inwards,
  ]);
