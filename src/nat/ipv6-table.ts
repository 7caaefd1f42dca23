/** IPv6 as homes and offices have it: a router that translates nothing, or a prefix only, and lets in by what went out (RFC 6092). */
import type { Ipv6Behaviour } from '../model/nat.ts';
import { type Life, listLives } from './learn-chains.ts';
import { bindEnds, block, type Ends, forwardChain, guardChain, markChain, refuse, replaceTable, type RouterFacts } from './router-facts.ts';

/** Neighbour discovery (RFC 4861); nobody asks for routers or advertises them. */
export const neighbourDiscovery = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept';

/** nftables text of the table `ip6 lab` of a site router. Of `at` the addresses are IPv6. */
export function makeIpv6Table(behaviour: Ipv6Behaviour, at: RouterFacts): string {
  const ends = bindEnds(at);
  return replaceTable(
    [
      ...markChain(ends),
      ...declareRecords(behaviour),
      ...exchangePrefix(behaviour, at, ends),
      ...guardChain([`oifname ${ends.wanIf} ip6 saddr fc00::/7 ip6 saddr != ${ends.wan}`]),
      ...inputChain(behaviour, ends),
      ...forwardChain(ends, behaviour, admit(behaviour, ends)),
      ...keepRecords(behaviour, ends),
    ],
    'ip6 lab',
  );
}

/** Key of a record after its protocol: the inside endpoint, and whom it has talked to if that matters. Conntrack itself is address-and-port-dependent. */
const recordKeys = {
  open: undefined,
  'endpoint-independent': { type: 'ipv6_addr . inet_service', inwards: 'ip6 daddr . th dport', outwards: 'ip6 saddr . th sport' },
  'address-dependent': {
    type: 'ipv6_addr . inet_service . ipv6_addr',
    inwards: 'ip6 daddr . th dport . ip6 saddr',
    outwards: 'ip6 saddr . th sport . ip6 daddr',
  },
  'address-and-port-dependent': undefined,
} as const;

const declareRecords = ({ filtering }: Ipv6Behaviour): string[] => {
  const key = recordKeys[filtering];
  return key
    ? ['# inside endpoints that strangers may answer', `set records { type inet_proto . ${key.type}; flags dynamic,timeout; size 65535; }`]
    : [];
};

/** Both ways, so that an inside address is what the rules between see. The host part stays as it is. */
const exchangePrefix = ({ prefix }: Ipv6Behaviour, { lanSubnet }: RouterFacts, { wanIf }: Ends): string[] =>
  prefix === undefined
    ? []
    : [
        ...block('chain prerouting', [
          'type nat hook prerouting priority dstnat; policy accept;',
          `iifname ${wanIf} dnat ip6 prefix to ip6 daddr map { ${prefix} : ${lanSubnet} }`,
        ]),
        ...block('chain postrouting', [
          'type nat hook postrouting priority srcnat; policy accept;',
          `oifname ${wanIf} snat ip6 prefix to ip6 saddr map { ${lanSubnet} : ${prefix} }`,
        ]),
      ];

const inputChain = ({ inbound }: Ipv6Behaviour, { wanIf, lanIf, family }: Ends): string[] =>
  block('chain input', [
    'type filter hook input priority filter; policy drop;',
    'iifname "lo" accept',
    'ct state established,related accept',
    neighbourDiscovery,
    `iifname ${lanIf} accept`,
    'icmpv6 type echo-request accept',
    ...(inbound === 'reject' ? refuse(`iifname ${wanIf}`, family) : []),
  ]);

/** What may come in: ping (RFC 4890 §4.3.1) and IPsec (RFC 6092 §3.2.4) always, the rest by filtering. */
const admit = ({ filtering, inbound }: Ipv6Behaviour, { wanIf, lanIf, family }: Ends): string[] => {
  const inward = `iifname ${wanIf} oifname ${lanIf}`;
  if (filtering === 'open') return [`${inward} accept`];
  const key = recordKeys[filtering];
  return [
    `${inward} icmpv6 type echo-request accept`,
    `${inward} meta l4proto { ah, esp } accept`,
    `${inward} udp dport 500 accept`,
    ...(key ? [`${inward} meta l4proto { tcp, udp } meta l4proto . ${key.inwards} @records accept`] : []),
    ...(inbound === 'reject' ? refuse(inward, family) : []),
  ];
};

/** Behind the chain that decides: packets of both directions keep a record alive. */
const keepRecords = ({ filtering, timeouts }: Ipv6Behaviour, { wanIf }: Ends): string[] => {
  const key = recordKeys[filtering];
  if (!key) return [];
  const lines = ({ protocol, seconds }: Life): string[] =>
    [
      `oifname ${wanIf} meta l4proto ${protocol} update @records { meta l4proto . ${key.outwards}`,
      `iifname ${wanIf} meta l4proto ${protocol} update @records { meta l4proto . ${key.inwards}`,
    ].map((line) => `${line} timeout ${seconds}s }`);
  const lives = listLives(timeouts);
  return [
    ...lives.flatMap((life) => block(`chain ${life.chain}`, lines(life))),
    ...block('chain learn', [
      'type filter hook forward priority filter + 10; policy accept;',
      ...lives.map(({ chain, match, protocol }) => `meta l4proto ${protocol} ${match}goto ${chain}`),
    ]),
  ];
};
