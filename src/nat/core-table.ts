/** Rules of the internet's core router: it answers DNS and ping, routes public prefixes, and carries nothing private. */
import type { Cidr } from '../model/address.ts';
import { stunPorts } from './proof/responder.ts';
import { neighbourDiscovery } from './ipv6-table.ts';
import { block, type Family, familyOf, privatePrefixes, replaceTable, setOf } from './router-facts.ts';

type CoreFacts = {
  /** The internet segment; allowed as a source even where it is itself a private prefix. */
  subnet: Cidr;
  /** Prefixes of sites that are routed without NAT. */
  routed: readonly Cidr[];
  /** Prefixes of LANs behind NATs, which must never be seen here. */
  hidden?: readonly Cidr[];
};

/** Name of the counter of packets that went round a NAT. */
export const leakCounter = 'leaked';

/** What the families call the same. */
const words: Record<Family, { private: readonly string[]; icmp: string[]; unreachable: string }> = {
  ip: { private: privatePrefixes, icmp: ['icmp type echo-request accept'], unreachable: 'icmp type host-unreachable' },
  ip6: {
    private: ['fc00::/7'],
    icmp: [neighbourDiscovery, 'icmpv6 type echo-request accept'],
    unreachable: 'icmpv6 type addr-unreachable',
  },
};

/** nftables text for the core router; loading it again replaces it. */
export function makeCoreRuleset({ subnet, routed, hidden = [] }: CoreFacts): string {
  const family = familyOf(subnet);
  const carried = `{ ${[subnet, ...routed].join(', ')} }`;
  const { icmp, unreachable, ...never } = words[family];
  return replaceTable(
    [
      ...block(`counter ${leakCounter}`, []),
      '# a private source means a router that did not translate',
      ...block('chain guard', [
        'type filter hook prerouting priority raw; policy accept;',
        'iifname "lo" accept',
        ...hidden.map((lan) => `${family} saddr ${lan} counter name "${leakCounter}" drop`),
        `${family} saddr ${setOf(never.private)} ${family} saddr != ${subnet} counter drop`,
      ]),
      ...block('chain input', [
        'type filter hook input priority filter; policy drop;',
        'iifname "lo" accept',
        'ct state established,related accept',
        'meta l4proto { tcp, udp } th dport 53 accept',
        `meta l4proto { tcp, udp } th dport { ${stunPorts.first}, ${stunPorts.second} } accept`,
        ...icmp,
      ]),
      ...block('chain forward', [
        'type filter hook forward priority filter; policy drop;',
        `${family} saddr ${carried} ${family} daddr ${carried} accept`,
        // said by a rule: the kernel answers for an unreachable route at most once a second, and a lab asks more often
        `counter reject with ${unreachable}`,
      ]),
    ],
    `${family} lab`,
  );
}
