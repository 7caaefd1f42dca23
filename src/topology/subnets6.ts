/** IPv6 subnets as they are written: well formed, usable, and with room for whoever is in the IPv4 one. */
import type { Path } from '../lib/document.ts';
import { subnetOf } from '../lib/ip.ts';
import { parseSubnet6, type Subnet6, unusable6 } from '../lib/ipv6.ts';
import { type Problems, quote } from './problems.ts';

/** A segment with both subnets, and where the IPv6 one is written. */
export type Segment6 = { subnet: Subnet6; ipv4: string; path: Path };

/**
 * Undefined where there is none or it cannot be used. Reports TOPO150 and TOPO029; also TOPO021, after which it is used without
 * those bits.
 */
export const readSubnet6 = (text: string | undefined, path: Path, problems: Problems): Subnet6 | undefined => {
  if (text === undefined) return undefined;
  const subnet = parseSubnet6(text);
  if (!subnet) {
    const hint = 'write an IPv6 address and a prefix length, e.g. 2001:db8:a::/64';
    problems.error('TOPO150', path, `${quote(text)} is not an IPv6 subnet`, hint);
    return undefined;
  }
  const use = unusable6(subnet);
  if (use !== undefined) {
    const hint = 'global addresses are in 2000::/3, private ones in fd00::/8';
    problems.error('TOPO029', path, `${quote(text)} cannot be used: it is set aside for ${use}`, hint);
    return undefined;
  }
  if (subnet.hostBits) problems.error('TOPO021', path, `${quote(text)} has bits set after its prefix`, `the subnet is ${subnet.cidr}`);
  return subnet;
};

/** Whether every number of the IPv4 subnet has an address. */
export const roomFor6 = (subnet: Subnet6, ipv4: string, path: Path, problems: Problems): boolean => {
  if (ipv4 === '') return false;
  const longest = 96 + subnetOf(ipv4).prefix;
  if (subnet.prefix <= longest) return true;
  const message = `${quote(subnet.cidr)} is too small: ${ipv4} has more addresses`;
  problems.error('TOPO022', path, message, `its prefix length is at most ${longest}; LANs have /64`);
  return false;
};
