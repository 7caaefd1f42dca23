/** Which outside port a flow without a mapping gets (RFC 4787 §4.2), as lines of the postrouting chain. */
import type { Ipv4 } from '../model/address.ts';
import type { PortAssignment } from '../model/nat.ts';
import { block, type RouterFacts } from './router-facts.ts';

/** Both transports behave alike (RFC 4787 for UDP, RFC 5382 for TCP). nft wants this before any port expression. */
export const transports = 'meta l4proto { tcp, udp }';

/** Ports a sequential NAT counts through, from `sequence.from` to `sequence.to`, and begins again. */
const sequence = { from: 40_000, to: 41_023 } as const;

const anyPort = ':1024-65535 fully-random';

/** Lines without their match; `to` is what translates, up to the port. `taken`: sets of ports that nobody else preserves. */
export function assignPort(ports: PortAssignment, taken: readonly string[], to: string): string[] {
  if (ports === 'preserve') {
    return taken.map((set) => `meta l4proto . th sport ${set} ${transports} ${to}${anyPort}`);
  }
  if (ports === 'random') return [`${transports} ${to}${anyPort}`];
  if (ports === 'sequential') return [`${transports} ${to}:${countUp}`];
  if (ports.perSubscriber === undefined) return [`${transports} ${to}:${ports.from}-${ports.to} fully-random`];
  // Who has no block has no ports.
  return [`${transports} snat ip to ip saddr map @blocks fully-random`, `${transports} counter drop`];
}

/** A map where an offset would do: nft 1.0.6 swaps the bytes of a computed port. */
const countUp = `numgen inc mod ${sequence.to - sequence.from + 1} map { ${Array.from(
  { length: sequence.to - sequence.from + 1 },
  (_, index) => `${index} : ${sequence.from + index}`,
).join(', ')} }`;

/** Blocks that one outside address has room for; undefined where ports are not given in blocks. */
export const countBlocks = (ports: PortAssignment): number | undefined =>
  typeof ports === 'string' || ports.perSubscriber === undefined
    ? undefined
    : Math.floor((ports.to - ports.from + 1) / ports.perSubscriber);

/** The outside address of each inside address of a paired pool: in turn, so that all are used alike. */
export const pairPool = (pool: readonly Ipv4[], subscribers: readonly Ipv4[]): { inside: Ipv4; outside: Ipv4 }[] =>
  subscribers.map((inside, index) => ({ inside, outside: pool[index % pool.length]! }));

/** First and last port of each block, by inside address; as many as the range has room for on each outside address. */
export const portBlocks = (
  ports: PortAssignment,
  subscribers: readonly Ipv4[],
  pool: readonly Ipv4[],
): { address: Ipv4; outside: Ipv4; from: number; to: number }[] => {
  if (typeof ports === 'string' || ports.perSubscriber === undefined) return [];
  const { from, to, perSubscriber } = ports;
  return pairPool(pool, subscribers)
    .map(({ inside, outside }, index) => {
      const start = from + Math.floor(index / pool.length) * perSubscriber;
      return { address: inside, outside, from: start, to: start + perSubscriber - 1 };
    })
    .filter((one) => one.to <= to);
};

/** The map `blocks`; its values name the outside address too, because only so nft takes a range of ports. */
export const declareBlocks = (ports: PortAssignment, { wan, pool = [wan], subscribers = [] }: RouterFacts): string[] => {
  if (typeof ports === 'string' || ports.perSubscriber === undefined) return [];
  const elements = portBlocks(ports, subscribers, pool).map(({ address, outside, from, to }) => `${address} : ${outside} . ${from}-${to}`);
  return [
    '# inside address -> outside address and its block of ports',
    ...block('map blocks', [
      'type ipv4_addr : interval ipv4_addr . inet_service; flags interval;',
      ...(elements.length > 0 ? [`elements = { ${elements.join(', ')} };`] : []),
    ]),
  ];
};
