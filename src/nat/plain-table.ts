/** Rules of routers that keep no mapping table of their own: stock Linux masquerade, one-to-one, and no translation at all. */
import type { NatBehaviour } from '../model/nat.ts';
import { admitForwards, declareForwards } from './forwards.ts';
import {
  bindEnds,
  block,
  forwardChain,
  guardChain,
  inputChain,
  markChain,
  privatePrefixes,
  refuse,
  replaceTable,
  setOf,
  untranslated,
} from './router-facts.ts';
import type { Ends, RouterFacts } from './router-facts.ts';

type Plain = Exclude<NatBehaviour, { kind: 'rfc4787' | 'ipv6' }>;

/** nftables text of the table `ip lab` of a site router. */
export function makePlainTable(behaviour: Plain, at: RouterFacts): string {
  const ends = bindEnds(at);
  const door = behaviour.kind === 'none' ? {} : behaviour;
  const { translation, leaking, inwards } = describe(behaviour, ends, at);
  return replaceTable([
    ...markChain(ends),
    ...translation,
    ...guardChain(leaking),
    ...inputChain(ends, door),
    ...forwardChain(ends, door, inwards),
  ]);
}

type Parts = { translation: string[]; leaking: string[]; inwards: string[] };

function describe(behaviour: Plain, ends: Ends, at: RouterFacts): Parts {
  const { wan, wanIf, lanIf, exits } = ends;
  const [exit] = exits;
  // Without NAT the provider is what stops private sources (BCP 38).
  const unrouted = at.privateUplink
    ? [`oifname ${exit.wanIf} ip saddr != ${setOf([wan, at.lanSubnet, ...(at.routedSubnets ?? [])])}`]
    : [`oifname ${exit.wanIf} ip saddr { ${privatePrefixes.join(', ')} } ip saddr != ${wan}`];
  const inward = `iifname ${wanIf} oifname ${lanIf}`;
  switch (behaviour.kind) {
    case 'none':
      return { translation: [], leaking: unrouted, inwards: [`${inward} accept`] };
    case 'firewall':
      return { translation: [], leaking: unrouted, inwards: behaviour.inbound === 'reject' ? refuse(inward) : [] };
    case 'one-to-one':
      return translateAddresses(behaviour.filtering, ends, at.pairs ?? []);
    case 'stock':
      return { translation: masquerade(behaviour.ports === 'random', ends), leaking: untranslated(ends), inwards: [] };
  }
}

const masquerade = (random: boolean, ends: Ends): string[] => [
  ...declareForwards(ends),
  ...(ends.forwards.length > 0
    ? block('chain prerouting', ['type nat hook prerouting priority dstnat; policy accept;', ...admitForwards(ends, false)])
    : []),
  ...block('chain postrouting', [
    'type nat hook postrouting priority srcnat; policy accept;',
    `oifname ${ends.wanIf} ip saddr ${ends.lan} masquerade${random ? ' fully-random' : ''}`,
  ]),
];

/** Each host has its own outside address and keeps its ports; a host without one does not get out. */
function translateAddresses(filtering: string, { wan, wanIf, lanIf }: Ends, pairs: NonNullable<RouterFacts['pairs']>): Parts {
  if (pairs.length === 0) return { translation: [], leaking: [`oifname ${wanIf} ip saddr != ${wan}`], inwards: [] };
  const map = (elements: string[]): string => `ip to ip %addr map { ${elements.join(', ')} }`;
  const inwards = map(pairs.map(({ inside, outside }) => `${outside} : ${inside}`)).replace('%addr', 'daddr');
  const outwards = map(pairs.map(({ inside, outside }) => `${inside} : ${outside}`)).replace('%addr', 'saddr');
  return {
    translation: [
      ...block('chain prerouting', ['type nat hook prerouting priority dstnat; policy accept;', `iifname ${wanIf} dnat ${inwards}`]),
      ...block('chain postrouting', ['type nat hook postrouting priority srcnat; policy accept;', `oifname ${wanIf} snat ${outwards}`]),
    ],
    leaking: [`oifname ${wanIf} ip saddr != ${setOf([...new Set([wan, ...pairs.map(({ outside }) => outside)])])}`],
    inwards: filtering === 'endpoint-independent' ? [`iifname ${wanIf} oifname ${lanIf} ct status dnat accept`] : [],
  };
}
