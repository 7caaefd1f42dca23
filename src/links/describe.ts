/** Conditions in words for people. */
import type { LinkCondition, LinkConditions } from '../model/link.ts';

/** Nothing is asked for: packets pass as the machine lets them. */
export const plainLink: LinkConditions = { up: {}, down: {} };

/** True when packets pass as the machine lets them. */
export const isPlain = ({ up, down }: LinkConditions): boolean =>
  describeWay(up) === describeWay({}) && describeWay(down) === describeWay({});

/** `15ms ±2ms, loss 0.1%, 50mbit`; with both directions named where they differ. */
export const describeLink = ({ up, down }: LinkConditions): string => {
  const [upward, downward] = [describeWay(up), describeWay(down)];
  return upward === downward ? upward : `up ${upward}; down ${downward}`;
};

const describeWay = (way: LinkCondition): string => {
  const { delayMs = 0, jitterMs = 0, lossPercent = 0, duplicatePercent = 0, reorderPercent = 0, rateKbit, mtu } = way;
  const parts = [
    delayMs > 0 || jitterMs > 0 ? `delay ${delayMs}ms${jitterMs > 0 ? ` ±${jitterMs}ms` : ''}` : '',
    lossPercent > 0 ? `loss ${lossPercent}%` : '',
    duplicatePercent > 0 ? `duplicate ${duplicatePercent}%` : '',
    reorderPercent > 0 ? `reorder ${reorderPercent}%` : '',
    rateKbit === undefined ? '' : `rate ${describeRate(rateKbit)}`,
    mtu === undefined ? '' : `mtu ${mtu}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing' : parts.join(', ');
};

const describeRate = (kbit: number): string =>
  kbit % 1_000_000 === 0 ? `${kbit / 1_000_000}gbit` : kbit % 1000 === 0 ? `${kbit / 1000}mbit` : `${kbit}kbit`;
