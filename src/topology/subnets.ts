/** Subnets as they are written: well formed, usable, and not in the way of one another. */
import type { Path } from '../lib/document.ts';
import { growSubnet, overlaps, parseSubnet, specialUse, type Subnet } from '../lib/ip.ts';
import type { Problems } from './problems.ts';
import { quote } from './problems.ts';

/** Reads a subnet and reports what is wrong with it; host bits are reported, then cleared. */
export const readSubnet = (text: string | undefined, path: Path, problems: Problems): Subnet | undefined => {
  if (text === undefined) return undefined;
  const subnet = parseSubnet(text);
  if (!subnet) {
    problems.error(
      'TOPO020',
      path,
      `${quote(text)} is not an IPv4 subnet`,
      'write an IPv4 address and a prefix length, e.g. 192.168.1.0/24',
    );
    return undefined;
  }
  const special = specialUse(subnet);
  if (special && !special.usable) {
    const hint = 'private subnets are in 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16';
    problems.error('TOPO029', path, `${quote(text)} cannot be used: it is set aside for ${special.use}`, hint);
    return undefined;
  }
  if (subnet.hostBits) {
    problems.error('TOPO021', path, `${quote(text)} has bits set after its prefix`, `the subnet is ${subnet.cidr}`);
  }
  return subnet;
};

/** A subnet for a hint: the smallest one around this with so much room. */
export const roomier = (subnet: Subnet, hosts: number): string | undefined => {
  const wider = growSubnet(subnet, hosts);
  return wider === undefined ? undefined : `${wider} has room`;
};

/** A subnet that routing must tell from others. */
export type Routed = {
  /** What it is, in words: `the pod subnet`. */
  title: string;
  subnet: Subnet;
  /** Where it is written, or where to point when it is a default. */
  path: Path;
  isDefault: boolean;
};

/** Reports the first of `others` that overlaps; the place is the one of `mine`. */
export const checkApart = (mine: Routed, others: readonly Routed[], problems: Problems): void => {
  const other = others.find(({ subnet }) => overlaps(mine.subnet, subnet));
  if (!other) return;
  const origin = other.isDefault ? 'the default' : problems.line(other.path);
  const message = `${mine.title} ${quote(mine.subnet.cidr)} overlaps ${other.title} ${other.subnet.cidr} (${origin})`;
  problems.error('TOPO023', mine.path, message, 'choose one that shares no address with it; only LANs behind NATs may overlap each other');
};
