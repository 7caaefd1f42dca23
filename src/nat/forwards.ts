/** Port forwards as nftables: a map from outside port to inside endpoint, used before any mapping is looked at. */
import type { PortForward } from '../model/lab.ts';
import { block, type Ends } from './router-facts.ts';

/** The map `forwards`, one element per port; nothing where nothing is forwarded. */
export const declareForwards = ({ forwards }: Ends): string[] =>
  forwards.length === 0
    ? []
    : [
        '# forwarded outside port -> inside endpoint',
        ...block('map forwards', [
          'type inet_proto . inet_service : ipv4_addr . inet_service;',
          `elements = { ${forwards.flatMap(listElements).join(', ')} };`,
        ]),
      ];

const listElements = ({ protocol, outside: [first, last], to, inside: [start] }: PortForward): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `${protocol} . ${first + index} : ${to} . ${start + index}`);

/** Lines of the prerouting chain; from the LAN too where the router hairpins. */
export const admitForwards = ({ forwards, wan, wanIf, lanIf }: Ends, hairpinning: boolean): string[] => {
  if (forwards.length === 0) return [];
  return [wanIf, ...(hairpinning ? [lanIf] : [])].map(
    (from) => `iifname ${from} ip daddr ${wan} dnat ip to meta l4proto . th dport map @forwards`,
  );
};
