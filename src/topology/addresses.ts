/** The address of one node: the one it asks for, or the next free one. */
import type { Path } from '../lib/document.ts';
import { contains, countHosts, formatIpv4, hostAt, parseIpv4 } from '../lib/ip.ts';
import { type Problems, quote } from './problems.ts';
import type { Order, Segment } from './segment.ts';

/**
 * Addresses are settled in the file's order, so that a node never changes the address of one above it: an explicit
 * address that a node above got automatically is refused rather than taken away from it.
 */
export const assignAddress = (
  name: string,
  node: { address?: string | undefined },
  path: Path,
  { segment, order }: { segment: Segment; order: Order },
  problems: Problems,
): number | undefined => {
  const holder = `node ${name} (${problems.line(path.slice(0, -1))})`;
  if (!Object.hasOwn(node, 'address')) return segment.take(order, holder);
  return node.address === undefined ? undefined : claimAddress(node.address, holder, path, segment, problems);
};

/** The address that somebody asks for, if it is one of the segment; reports what is in the way. */
export const claimAddress = (text: string, holder: string, path: Path, segment: Segment, problems: Problems): number | undefined => {
  const address = readAddress(text, segment, path, problems);
  if (address === undefined) return undefined;
  const before = segment.claim(address, holder);
  if (before !== undefined) {
    const code = address === hostAt(segment.subnet, 1) ? 'TOPO028' : 'TOPO027';
    problems.error(code, path, `${quote(text)} is the address of ${before}`, freeHint(segment));
  }
  return address;
};

const readAddress = (text: string, segment: Segment, path: Path, problems: Problems): number | undefined => {
  const address = parseIpv4(text);
  const { subnet } = segment;
  if (address === undefined) {
    const hint = text.includes('/') ? 'without a prefix length: the subnet says it' : freeHint(segment);
    problems.error('TOPO025', path, `${quote(text)} is not an IPv4 address`, hint);
  } else if (!contains(subnet, address)) {
    problems.error('TOPO026', path, `${quote(text)} is outside ${subnet.cidr}`, freeHint(segment));
  } else if (address === subnet.network || address === subnet.broadcast) {
    const end = address === subnet.network ? 'first' : 'last';
    problems.error('TOPO028', path, `${quote(text)} is the ${end} address of ${subnet.cidr}, which no host can have`, freeHint(segment));
  } else return address;
  return undefined;
};

/** A range to pick from; the automatic ones begin low, so the upper end is where explicit ones are least in the way. */
const freeHint = ({ subnet, holders }: Segment): string => {
  for (let n = countHosts(subnet); n > 1; n -= 1) {
    const address = hostAt(subnet, n);
    if (address !== undefined && !holders.has(address)) return `free in ${subnet.cidr}: ${formatIpv4(address)}, for example`;
  }
  return `every address of ${subnet.cidr} is taken`;
};
