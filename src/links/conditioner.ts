/** What a way of making link conditions is; one file per way, listed in registry.ts. */
import type { LinkCondition, LinkFacts } from '../model/link.ts';

/** One direction at a device: `up` is what leaves it, `down` what it receives. */
export type Way = { device: string; direction: 'up' | 'down'; condition: LinkCondition };

/** Parts of a script, put together by script.ts. */
export type Means = {
  /** Shell lines that make what the chain leads to, before any packet goes there. */
  prepare: string[];
  /** Rules of the nftables chain at the device; shell variables in them are filled in. */
  chain?: string;
  /** `tc qdisc add dev X …` words for the device's own queue, outermost first. */
  queue?: string[];
};

/** One way of making conditions. The ways of both directions at a device are chosen one by one and may differ. */
export type Conditioner = {
  name: string;
  /** True, or why not. */
  supports(way: Way, facts: LinkFacts): true | string;
  means(way: Way): Means;
};

/** The kernel's second queue for what a device receives; its name, and the lines that give it these queues. */
export const ingressQueue = ({ device }: Way, queue: readonly string[]): Means => {
  const ifb = `${device}-ifb`;
  return {
    prepare: [
      `[ -e /sys/class/net/${ifb} ] || ip link add ${ifb} type ifb`,
      `ip link set dev ${ifb} up txqueuelen 10000`,
      `tc qdisc del dev ${ifb} root 2>/dev/null || true`,
      ...queue.map((words) => `tc qdisc add dev ${ifb} ${words}`),
    ],
    chain: `counter fwd to "${ifb}"`,
  };
};

/** The token bucket of tc-tbf(8): bursts of 2 ms, a buffer of 50 ms, and room for a few packets however slow it is. */
export const tokenBucket = (kbit: number): string => {
  const bytes = (milliseconds: number): number => Math.ceil((kbit * milliseconds) / 8);
  const burst = Math.max(bytes(2), 2 * 1600);
  return `tbf rate ${kbit}kbit burst ${burst} limit ${burst + Math.max(bytes(50), 20 * 1600)}`;
};

/** True when a condition asks for packets to be held, doubled or let ahead: more than a limit or a loss. */
export const holdsPackets = ({ delayMs = 0, jitterMs = 0, duplicatePercent = 0, reorderPercent = 0 }: LinkCondition): boolean =>
  delayMs > 0 || jitterMs > 0 || duplicatePercent > 0 || reorderPercent > 0;

/** True where the queues have something to do; an MTU is a matter of routes. */
export const isActive = (condition: LinkCondition): boolean =>
  holdsPackets(condition) || (condition.lossPercent ?? 0) > 0 || condition.rateKbit !== undefined;
