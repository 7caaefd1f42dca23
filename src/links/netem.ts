/** Conditions by the kernel's own emulator, tc-netem(8). */
import { ingressQueue, tokenBucket, type Conditioner, type Way } from './conditioner.ts';

/** Delay, jitter, loss, duplicates and reordering; a rate by the token bucket below it. */
export const netem: Conditioner = {
  name: 'netem',
  supports: ({ direction, condition }, { netem: has, ifb, tbf }) => {
    if (!has) return 'the kernel has no netem';
    if (direction === 'down' && !ifb) return 'the kernel has no ifb, which netem needs for received packets';
    return condition.rateKbit === undefined || tbf ? true : 'the kernel has no tbf';
  },
  means: (way) => (way.direction === 'up' ? { prepare: [], queue: queues(way) } : ingressQueue(way, queues(way))),
};

const queues = ({ condition }: Way): string[] => {
  const { delayMs = 0, jitterMs = 0, lossPercent = 0, duplicatePercent = 0, reorderPercent = 0, rateKbit } = condition;
  const words = [
    // The usual 1000 packets would drop above 240 Mbit/s at 50 ms.
    'limit 100000',
    ...(delayMs > 0 ? [`delay ${micro(delayMs)}${jitterMs > 0 ? ` ${micro(jitterMs)}` : ''}`] : []),
    ...(lossPercent > 0 ? [`loss ${share(lossPercent)}`] : []),
    ...(duplicatePercent > 0 ? [`duplicate ${share(duplicatePercent)}`] : []),
    ...(reorderPercent > 0 ? [`reorder ${share(reorderPercent)}`] : []),
    // With a rate, however high, a packet is sent after the one before it: jitter alone must not reorder.
    ...(jitterMs > 0 ? ['rate 100gbit'] : []),
  ];
  return [`root handle 1: netem ${words.join(' ')}`, ...(rateKbit === undefined ? [] : [`parent 1:1 handle 10: ${tokenBucket(rateKbit)}`])];
};

const micro = (milliseconds: number): string => `${Math.round(milliseconds * 1000)}us`;
/** A ten-thousandth of a percent is the finest anybody can tell; and no exponents, which tc does not read. */
const share = (percent: number): string => `${Number(percent.toFixed(4)) < 0.0001 ? 0 : Number(percent.toFixed(4))}%`;
