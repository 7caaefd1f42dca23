/** IPv6 arithmetic, in bigints: what `ip.ts` is for IPv4. */
import type { Cidr, Ipv6 } from '../model/lab.ts';
import { overlaps } from './ip.ts';

export type Subnet6 = {
  /** RFC 5952 with its prefix length, host bits cleared. */
  cidr: Cidr;
  prefix: number;
  network: bigint;
  /** Last address; IPv6 has no broadcast, but ranges of both families are compared by the same code. */
  broadcast: bigint;
  /** True when the text it was read from had bits set after the prefix. */
  hostBits: boolean;
};

/** Undefined for anything that is not exactly an address: no prefix length, no zone, no IPv4 at its end. */
export const parseIpv6 = (text: string): bigint | undefined => {
  if (!/^[\da-f:]+$/i.test(text)) return undefined;
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [before = [], after = []] = halves;
  const missing = 8 - before.length - after.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
};

/** RFC 5952 §4: no leading zeros, and `::` for the first of the longest runs of two or more zeros. */
export const formatIpv6 = (value: bigint): Ipv6 => {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const text = groups.join(':');
  const [longest] = [...text.matchAll(/\b0(?::0)+\b/g)].map(([run]) => run).sort((a, b) => b.length - a.length);
  return longest === undefined ? text : text.replace(new RegExp(`(^|:)${longest}(:|$)`), '::');
};

/** `2001:db8::/64` as a subnet, host bits allowed and noted; undefined for anything else. */
export const parseSubnet6 = (text: string): Subnet6 | undefined => {
  const [, address = '', length = ''] = /^([^/]*)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const value = parseIpv6(address);
  const prefix = Number(length);
  if (value === undefined || length === '' || prefix > 128) return undefined;
  const hosts = (1n << BigInt(128 - prefix)) - 1n;
  const network = value & ~hosts;
  return { cidr: `${formatIpv6(network)}/${prefix}`, prefix, network, broadcast: network | hosts, hostBits: network !== value };
};

/** As parseSubnet6, for texts that were checked before; throws on anything else. */
export const subnet6Of = (cidr: Cidr): Subnet6 => {
  const subnet = parseSubnet6(cidr);
  if (!subnet) throw new TypeError(`not an IPv6 subnet: ${cidr}`);
  return subnet;
};

export const isIpv6 = (text: string): boolean => text.includes(':');

/** The same host under another prefix. */
export const movePrefix = (address: Ipv6, to: Cidr): Ipv6 => {
  const { network, broadcast } = subnet6Of(to);
  return formatIpv6(network | ((parseIpv6(address) ?? 0n) & (network ^ broadcast)));
};

/** True for unique local addresses (RFC 4193), which the internet does not carry. */
export const isUniqueLocal = (subnet: Subnet6): boolean => overlaps(subnet6Of('fc00::/7'), subnet);

/** What a range is set aside for so that no host of a lab can use it; undefined for all others. */
export const unusable6 = (subnet: Subnet6): string | undefined => unusableRanges.find(({ range }) => overlaps(range, subnet))?.use;

const unusableRanges = [
  { range: '::/8', use: 'loopback and addresses of IPv4' },
  { range: 'fe80::/10', use: 'link-local addresses' },
  { range: 'ff00::/8', use: 'multicast' },
].map(({ range, use }) => ({ range: subnet6Of(range), use }));
