/** Choosing the throw-away subnet that carries a segment: free of other Docker networks and of the host's routes. */
import { formatIpv4, overlaps, parseSubnet, subnetOf, type Subnet } from '../../lib/ip.ts';

/** RFC 2544's benchmarking block: no host on the internet has such an address. Never the TEST-NETs: hosts use them in earnest. */
const pool = subnetOf('198.18.0.0/15');
const carrierSize = 256;
const carriers = (pool.broadcast + 1 - pool.network) / carrierSize;

/** All carriers (/24) that overlap nothing in `used`, beginning at a place that depends on `seed`, so that labs made at once rarely meet. */
export function* freeCarriers(seed: string, used: readonly Subnet[]): Generator<string> {
  const start = hash(seed);
  for (let i = 0; i < carriers; i += 1) {
    const carrier = subnetOf(`${formatIpv4(pool.network + ((start + i) % carriers) * carrierSize)}/24`);
    if (!used.some((other) => overlaps(carrier, other))) yield carrier.cidr;
  }
}

/**
 * Subnets from the text of /proc/net/route: destination and mask are hexadecimal in host byte order (little-endian here).
 * Routes wider than /8 stand for "everything else" (default routes and VPNs' halves) and claim nothing.
 */
export function readRoutes(text: string): Subnet[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, destination = '', , , , , , mask = ''] = line.split('\t');
      const subnet = parseSubnet(`${fromHex(destination)}/${prefixOf(mask)}`);
      return subnet && subnet.prefix >= 8 ? [subnet] : [];
    });
}

function fromHex(littleEndian: string): string {
  return [6, 4, 2, 0].map((at) => parseInt(littleEndian.slice(at, at + 2), 16)).join('.');
}

function prefixOf(mask: string): number {
  return parseInt(mask, 16).toString(2).replaceAll('0', '').length;
}

/** FNV-1a: any stable spread will do. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return value;
}
