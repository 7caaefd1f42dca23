/** Which outside port a flow without a mapping gets (RFC 4787 §4.2), as lines of the postrouting chain. */
import type { Ipv4 } from '../model/address.ts';
import type { PortAssignment } from '../model/nat.ts';
import { block, type RouterFacts } from './router-facts.ts';

/** Both transports behave alike (RFC 4787 for UDP, RFC 5382 for TCP). nft wants this before any port expression. */
export const transports = 'meta l4proto { tcp, udp }';

/** Ports a sequential NAT counts through, from `sequence.from` to `sequence.to`, and begins again. */
const sequence = { from: 40_000, to: 41_023 } as const;

/** Where there is no range of its own. */
const anyPort = { from: 1024, to: 65_535 } as const;

/** Draws before a flow goes without a port: with nine of ten ports taken, one flow in a thousand does. */
const draws = { rounds: 8, each: 8 } as const;

/** The ports of one outside address; `taken`: sets of those that somebody has. */
export type TakenPorts = { suffix: string; taken: readonly string[] };

type PortBlocks = Exclude<PortAssignment, string> & { perSubscriber: number };
const hasBlocks = (ports: PortAssignment): ports is PortBlocks => typeof ports !== 'string' && ports.perSubscriber !== undefined;

/**
 * Lines without their match. `translate` leaves the port to the kernel, `to` is what a port follows. A drawn port is in the
 * packet by then (`drawChains`); one without a checksum has none, since
 * nft would give it a wrong one. Who has no block has no ports.
 */
export const assignPort = (ports: PortAssignment, { suffix, taken }: TakenPorts, translate: string, to: string): string[] => [
  ...(ports === 'preserve' ? [`${transports} ${taken.map((set) => `${port} != ${set}`).join(' ')} ${translate}`] : []),
  ...(hasBlocks(ports) ? [`${transports} ip saddr != @blocks counter drop`] : []),
  `udp checksum 0 ${letKernelDraw(ports, to)}`,
  `${transports} jump pick${suffix}`,
  `${transports} ${to}:th sport`,
];

/**
 * Chains that draw a port until it is one that nobody has, and keep it in the packet's own source port. The kernel would choose
 * by itself, but what it keeps apart is only flows towards one server.
 */
export const drawChains = (ports: PortAssignment, at: RouterFacts, spaces: readonly TakenPorts[]): string[] => {
  const blocks = portBlocks(ports, at.subscribers ?? [], at.pool ?? [at.wan]);
  const byBlock = (): string[] => {
    const chains = blocks.map(({ address }, index) => `${address} : goto block_${index + 1}`);
    return chains.length > 0 ? [`ip saddr vmap { ${chains.join(', ')} }`] : [];
  };
  return [
    ...blocks.flatMap((one, index) => block(`chain block_${index + 1}`, draw(anyOf(one)))),
    ...block('chain draw', hasBlocks(ports) ? byBlock() : draw(ports === 'sequential' ? countUp : anyOf(rangeOf(ports)))),
    ...spaces.flatMap(({ suffix, taken }) => {
      const whileTaken = (chain: string, times: number): string[] =>
        Array.from({ length: times }, () => taken.map((set) => `${port} ${set} jump ${chain}`)).flat();
      return [
        ...block(`chain redraw${suffix}`, whileTaken('draw', draws.each)),
        ...block(`chain pick${suffix}`, ['jump draw', ...whileTaken(`redraw${suffix}`, draws.rounds)]),
      ];
    }),
  ];
};

const port = 'meta l4proto . th sport';

const draw = (number: string): string[] => [`udp sport set ${number}`, `tcp sport set ${number}`];

/** nft 1.0.6 makes four bytes of a number and writes the first two: the upper half of it is the port. */
const anyOf = ({ from, to }: { from: number; to: number }): string =>
  `numgen random mod ${(to - from + 1) * 65_536} offset ${from * 65_536}`;

const rangeOf = (ports: PortAssignment): { from: number; to: number } =>
  typeof ports !== 'string' ? ports : ports === 'sequential' ? sequence : anyPort;

const letKernelDraw = (ports: PortAssignment, to: string): string => {
  const { from, to: last } = rangeOf(ports);
  return `${hasBlocks(ports) ? 'snat ip to ip saddr map @blocks' : `${to}:${from}-${last}`} fully-random`;
};

/** A map where an offset would do: nft 1.0.6 swaps the bytes of a computed port that it translates to. */
const countUp = `numgen inc mod ${sequence.to - sequence.from + 1} map { ${Array.from(
  { length: sequence.to - sequence.from + 1 },
  (_, index) => `${index} : ${sequence.from + index}`,
).join(', ')} }`;

/** Blocks that one outside address has room for; undefined where ports are not given in blocks. */
export const countBlocks = (ports: PortAssignment): number | undefined =>
  hasBlocks(ports) ? Math.floor((ports.to - ports.from + 1) / ports.perSubscriber) : undefined;

/** The outside address of each inside address of a paired pool: in turn, so that all are used alike. */
export const pairPool = (pool: readonly Ipv4[], subscribers: readonly Ipv4[]): { inside: Ipv4; outside: Ipv4 }[] =>
  subscribers.map((inside, index) => ({ inside, outside: pool[index % pool.length]! }));

/** First and last port of each block, by inside address; as many as the range has room for on each outside address. */
export const portBlocks = (
  ports: PortAssignment,
  subscribers: readonly Ipv4[],
  pool: readonly Ipv4[],
): { address: Ipv4; outside: Ipv4; from: number; to: number }[] => {
  if (!hasBlocks(ports)) return [];
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
  if (!hasBlocks(ports)) return [];
  const elements = portBlocks(ports, subscribers, pool).map(({ address, outside, from, to }) => `${address} : ${outside} . ${from}-${to}`);
  return [
    '# inside address -> outside address and its block of ports',
    ...block('map blocks', [
      'type ipv4_addr : interval ipv4_addr . inet_service; flags interval;',
      ...(elements.length > 0 ? [`elements = { ${elements.join(', ')} };`] : []),
    ]),
  ];
};
