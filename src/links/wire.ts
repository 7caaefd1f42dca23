/** Conditions by our own program (images/link-wire): packets take a detour through it, one by one. */
import { tokenBucket, type Conditioner, type Way } from './conditioner.ts';

/** Packets with this mark have had their delay: nftables lets them leave. No other rule of a lab uses it. */
const mark = '0x65644c57';
/** The same for received packets: their destination after the detour; locally administered. */
const mac = '02:ed:6e:1a:b0:01';

/** All that netem makes, in user space; a rate by the kernel's token bucket on its TAP device. */
export const wire: Conditioner = {
  name: 'wire',
  supports: ({ condition }, { wire: has, tbf }) => {
    if (!has) return "TAP devices, or nftables' and tc's ways to them, are missing for a wire in user space";
    return condition.rateKbit === undefined || tbf ? true : 'the kernel has no tbf';
  },
  means: (way) => {
    const { device, direction, condition } = way;
    const tap = `${direction}_tap`;
    return {
      prepare: [
        `${tap}=$(free_tap ${device}-${direction[0]})`,
        `pid=$(env -i PATH="$PATH" edgelab-wire "$${tap}" ${device} ${direction === 'up' ? 'out' : 'in'} ${mac} ${mark} ${figures(way)})`,
        `wires="$wires $pid"`,
        ...(condition.rateKbit === undefined ? [] : [`tc qdisc add dev "$${tap}" root ${tokenBucket(condition.rateKbit)}`]),
        ...(direction === 'up'
          ? []
          : [
              `tc qdisc add dev "$${tap}" clsact`,
              `tc filter add dev "$${tap}" ingress protocol all prio 1 u32 match u32 0 0 action mirred ingress redirect dev ${device}`,
            ]),
      ],
      chain: direction === 'up' ? `meta mark != ${mark} counter fwd to "$${tap}"` : `ether daddr != ${mac} counter fwd to "$${tap}"`,
    };
  },
};

const figures = ({ condition }: Way): string => {
  const { delayMs = 0, jitterMs = 0, lossPercent = 0, duplicatePercent = 0, reorderPercent = 0 } = condition;
  const micro = (value: number): number => Math.round(value * 1000);
  const perMillion = (percent: number): number => Math.round(percent * 10_000);
  return [micro(delayMs), micro(jitterMs), perMillion(lossPercent), perMillion(duplicatePercent), perMillion(reorderPercent)].join(' ');
};
