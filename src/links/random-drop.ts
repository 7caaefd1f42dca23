/** Loss by nftables, where there is neither netem nor a wire. A packet the kernel has not cut yet (GSO) is lost whole. */
import { holdsPackets, ingressQueue, tokenBucket, type Conditioner } from './conditioner.ts';

/** Loss, and a rate by the kernel's token bucket. */
export const randomDrop: Conditioner = {
  name: 'nft',
  supports: ({ direction, condition }, { egress, tbf, ifb }) => {
    if (holdsPackets(condition)) return 'without them nothing delays, doubles or reorders packets';
    if (direction === 'up' && !egress) return 'nftables does not see packets leave';
    if (condition.rateKbit === undefined) return true;
    if (!tbf) return 'the kernel has no tbf';
    return direction === 'up' || ifb ? true : 'the kernel has no ifb, which tbf needs for received packets';
  },
  means: (way) => {
    const { lossPercent = 0, rateKbit } = way.condition;
    const drop = `numgen random mod 1000000 < ${Math.round(lossPercent * 10_000)} counter drop`;
    if (rateKbit === undefined) return { prepare: [], chain: drop };
    const queue = [`root ${tokenBucket(rateKbit)}`];
    if (way.direction === 'up') return { prepare: [], chain: drop, queue };
    const { prepare, chain = '' } = ingressQueue(way, queue);
    return { prepare, chain: `${drop}; ${chain}` };
  },
};
