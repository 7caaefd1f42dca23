/** Port forwards as nftables: a map from outside port to inside endpoint, used before any mapping is looked at. */
import type { ForwardTarget, PortForward } from '../model/nat.ts';
import { block, type Ends } from './router-facts.ts';

/** The map `forwards`, one element per port, and a chain per target of what is balanced; nothing where nothing is forwarded. */
export const declareForwards = ({ forwards }: Ends): string[] =>
  forwards.length === 0
    ? []
    : [
        '# forwarded outside port -> inside endpoint',
        ...block('map forwards', [
          'type inet_proto . inet_service : ipv4_addr . inet_service;',
          `elements = { ${forwards.flatMap(listElements).join(', ')} };`,
        ]),
        ...forwards.flatMap((forward, index) =>
          chainsOf(forward)
            .map(({ name, lead }) => block(`chain ${name(index)}`, [lead]))
            .flat(),
        ),
      ];

/** What is balanced is here too, with its first target: so no host keeps such a port. */
const listElements = ({ protocol, outside: [first, last], to, inside: [start] }: PortForward): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `${protocol} . ${first + index} : ${to} . ${start + index}`);

const chainsOf = (forward: PortForward): { name: (index: number) => string; lead: string }[] =>
  forward.others === undefined
    ? []
    : [forward, ...forward.others].map((target, number) => ({
        name: (index) => `forward_${index + 1}_${number + 1}`,
        lead: leadTo(forward, target),
      }));

const leadTo = ({ protocol, outside: [first, last] }: PortForward, { to, inside: [start] }: ForwardTarget): string => {
  const ports = Array.from({ length: last - first + 1 }, (_, index) => `${first + index} : ${to} . ${start + index}`);
  return `dnat ip to ${protocol} dport map { ${ports.join(', ')} }`;
};

/** Lines of the prerouting chain; from the LAN too where the router hairpins. */
export const admitForwards = ({ forwards, wan, wanIf, lanIf }: Ends, hairpinning: boolean): string[] => {
  if (forwards.length === 0) return [];
  return [wanIf, ...(hairpinning ? [lanIf] : [])].flatMap((from) => [
    ...forwards.flatMap((forward, index) => {
      const chains = chainsOf(forward).map(({ name }, number) => `${number} : goto ${name(index)}`);
      if (chains.length === 0) return [];
      const { protocol, outside, balance } = forward;
      // The seed makes who gets what the same each time the rules are loaded.
      const pick = balance === 'by-source' ? `jhash ip saddr mod ${chains.length} seed 0x1` : `numgen inc mod ${chains.length}`;
      return [`iifname ${from} ip daddr ${wan} ${protocol} dport ${outside[0]}-${outside[1]} ${pick} vmap { ${chains.join(', ')} }`];
    }),
    `iifname ${from} ip daddr ${wan} dnat ip to meta l4proto . th dport map @forwards`,
  ]);
};
