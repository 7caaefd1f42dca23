/** IPv6 arithmetic, in bigints: what `ip.ts` is for IPv4. */
import { Address6 } from 'ip-address';
import type { Cidr, Ipv6 } from '../model/address.ts';
import { overlaps } from './ip.ts';

/** A range of IPv6 addresses with one prefix. */
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
export const parseIpv6 = (text: string): bigint | undefined =>
  plainForm.test(text) && Address6.isValid(text) ? new Address6(text).bigInt() : undefined;

const plainForm = /^[\da-f:]+$/i;

/** RFC 5952 §4. */
export const formatIpv6 = (value: bigint): Ipv6 => Address6.fromBigInt(value).correctForm();

/** `2001:db8::/64` as a subnet, host bits allowed and noted; undefined for anything else. */
export const parseSubnet6 = (text: string): Subnet6 | undefined => {
  const [, start = '', length = ''] = /^([^/]*)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const value = parseIpv6(start);
  if (value === undefined || Number(length) > 128) return undefined;
  const address = new Address6(text);
  const network = address.startAddress().bigInt();
  return {
    cidr: address.networkForm(),
    prefix: address.subnetMask,
    network,
    broadcast: address.endAddress().bigInt(),
    hostBits: network !== value,
  };
};

/** As parseSubnet6, for texts that were checked before; throws on anything else. */
export const subnet6Of = (cidr: Cidr): Subnet6 => {
  const subnet = parseSubnet6(cidr);
  if (!subnet) throw new TypeError(`not an IPv6 subnet: ${cidr}`);
  return subnet;
};

/** For a text that is an address or subnet of either family: its colon tells. */
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
