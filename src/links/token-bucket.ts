/** A rate alone, by the kernel's token bucket: nothing else is needed for it. */
import { holdsPackets, ingressQueue, tokenBucket, type Conditioner } from './conditioner.ts';

/** A rate, and nothing beside it. */
export const tokenBucketOnly: Conditioner = {
  name: 'tbf',
  supports: ({ direction, condition }, { tbf, ifb }) => {
    if (holdsPackets(condition) || (condition.lossPercent ?? 0) > 0) return 'tbf only limits rates';
    if (!tbf) return 'the kernel has no tbf';
    return direction === 'up' || ifb ? true : 'the kernel has no ifb, which tbf needs for received packets';
  },
  means: (way) => {
    const queue = [`root ${tokenBucket(way.condition.rateKbit ?? 0)}`];
    return way.direction === 'up' ? { prepare: [], queue } : ingressQueue(way, queue);
  },
};
