/** IPv4 arithmetic: subnets, addresses, membership. */
import { Address4 } from 'ip-address';
import type { Cidr, Ipv4 } from '../model/address.ts';

/** An IPv4 subnet as numbers (unsigned 32 bit), so that arithmetic stays plain. */
export type Subnet = {
  /** Normal form `a.b.c.d/n`, host bits cleared. */
  cidr: Cidr;
  prefix: number;
  /** First address: the subnet itself. */
  network: number;
  /** Last address. */
  broadcast: number;
  /** True when the text it was read from had bits set after the prefix. */
  hostBits: boolean;
};

/** A dotted address as a number; undefined for anything that is not exactly `a.b.c.d` (no prefix, no leading zeros). */
export const parseIpv4 = (text: string): number | undefined => (text.includes('/') ? undefined : read(text)?.value);

/** A number from 0 to 2^32 - 1 as a dotted address. */
export const formatIpv4 = (value: number): Ipv4 => Address4.fromInteger(value).correctForm();

/** `a.b.c.d/n` as a subnet, host bits allowed and noted; undefined for anything else, also for an address without `/n`. */
export const parseSubnet = (text: string): Subnet | undefined => {
  if (!/\/(0|[1-9]\d?)$/.test(text)) return undefined;
  const parsed = read(text);
  if (!parsed) return undefined;
  const network = Number(parsed.address.startAddress().bigInt());
  return {
    cidr: parsed.address.networkForm(),
    prefix: parsed.address.subnetMask,
    network,
    broadcast: Number(parsed.address.endAddress().bigInt()),
    hostBits: network !== parsed.value,
  };
};

/** As parseSubnet, for texts that were checked before (a resolved lab); throws on anything else. */
export const subnetOf = (cidr: Cidr): Subnet => {
  const subnet = parseSubnet(cidr);
  if (!subnet) throw new TypeError(`not a subnet: ${cidr}`);
  return subnet;
};

/** How many addresses hosts can have: all but the subnet's own and the broadcast address. A /31 or /32 has none here. */
export const countHosts = ({ network, broadcast }: Subnet): number => Math.max(0, broadcast - network - 1);

/** The nth host address, from 1; undefined when the subnet ends before it. */
export const hostAt = (subnet: Subnet, n: number): number | undefined =>
  n >= 1 && n <= countHosts(subnet) ? subnet.network + n : undefined;

/** First and last address, of either family. */
type Range<N extends number | bigint> = { network: N; broadcast: N };

/** True when the address lies in the subnet, its network and broadcast address included. */
export const contains = <N extends number | bigint>({ network, broadcast }: Range<N>, address: N): boolean =>
  address >= network && address <= broadcast;

/** True when two subnets share at least one address. */
export const overlaps = <N extends number | bigint>(a: Range<N>, b: Range<N>): boolean =>
  a.network <= b.broadcast && b.network <= a.broadcast;

/** `address/prefix` as `ip addr add` wants it, of either family. */
export const withPrefix = (address: string, cidr: Cidr): string => `${address}${cidr.slice(cidr.indexOf('/'))}`;

/** The smallest subnet around the same start that has room for so many hosts; undefined when IPv4 has none. */
export const growSubnet = (subnet: Subnet, hosts: number): Cidr | undefined => {
  for (let { prefix } = subnet; prefix >= 8; prefix -= 1) {
    const wider = subnetOf(`${formatIpv4(subnet.network)}/${prefix}`);
    if (countHosts(wider) >= hosts) return wider.cidr;
  }
  return undefined;
};

/** What a range is set aside for by IANA (RFC 6890 registry), in a word; undefined for globally reachable unicast. */
export const specialUse = (subnet: Subnet): { use: string; usable: boolean } | undefined =>
  specialRanges.find(({ range }) => overlaps(range, subnet));

const read = (text: string): { address: Address4; value: number } | undefined => {
  if (!Address4.isValid(text)) return undefined;
  const address = new Address4(text);
  return { address, value: Number(address.bigInt()) };
};

const specialRanges = [
  { range: '0.0.0.0/8', use: '"this network"', usable: false },
  { range: '127.0.0.0/8', use: 'loopback', usable: false },
  { range: '169.254.0.0/16', use: 'link-local addresses', usable: false },
  { range: '224.0.0.0/4', use: 'multicast', usable: false },
  { range: '240.0.0.0/4', use: 'future use', usable: false },
  { range: '10.0.0.0/8', use: 'private networks (RFC 1918)', usable: true },
  { range: '172.16.0.0/12', use: 'private networks (RFC 1918)', usable: true },
  { range: '192.168.0.0/16', use: 'private networks (RFC 1918)', usable: true },
  { range: '100.64.0.0/10', use: 'carrier-grade NAT (RFC 6598)', usable: true },
  { range: '192.0.0.0/24', use: 'protocol assignments (RFC 6890)', usable: true },
  { range: '192.0.2.0/24', use: 'documentation (RFC 5737)', usable: true },
  { range: '198.51.100.0/24', use: 'documentation (RFC 5737)', usable: true },
  { range: '203.0.113.0/24', use: 'documentation (RFC 5737)', usable: true },
  { range: '198.18.0.0/15', use: 'benchmarking (RFC 2544)', usable: true },
].map(({ range, ...meaning }) => ({ range: subnetOf(range), ...meaning }));
