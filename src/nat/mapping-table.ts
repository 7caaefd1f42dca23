/**
 * NAT by RFC 4787 and RFC 5382 axes as an nftables table. The kernel's conntrack only keeps tuples unique, so two hosts can share
 * an outside port towards different servers; here maps own the outside ports instead, and conntrack carries out what they say.
 */
import type { NatBehaviour } from '../model/lab.ts';
import { admitForwards, declareForwards } from './forwards.ts';
import { makeLearnChains } from './learn-chains.ts';
import { assignPort, declareBlocks, transports } from './port-assignment.ts';
import { bindEnds, block, forwardChain, guardChain, inputChain, markChain, replaceTable } from './router-facts.ts';
import type { Ends, RouterFacts } from './router-facts.ts';

export type MappingBehaviour = Extract<NatBehaviour, { kind: 'rfc4787' }>;

/** Elements a map can hold: one per outside port. */
const limits = 'flags dynamic,timeout; size 65535;';

/** True when a packet from outside can reach a LAN host that did not send to just that address and port. */
const admitsStrangers = ({ filtering, hairpinning }: MappingBehaviour): boolean =>
  filtering !== 'address-and-port-dependent' || hairpinning;

export function makeMappingTable(behaviour: MappingBehaviour, at: RouterFacts): string {
  const ends = bindEnds(at);
  return replaceTable([
    ...markChain(ends),
    ...declareMaps(behaviour),
    ...declareForwards(ends),
    ...declareBlocks(behaviour.ports, at),
    ...block('chain prerouting', [
      'type nat hook prerouting priority dstnat; policy accept;',
      ...admitForwards(ends, behaviour.hairpinning),
      ...admit(behaviour, ends),
    ]),
    ...block('chain postrouting', ['type nat hook postrouting priority srcnat; policy accept;', ...allocate(behaviour, ends)]),
    ...makeLearnChains(behaviour, { admitsStrangers: admitsStrangers(behaviour), forwards: ends.forwards.length > 0 }),
    ...guardChain(ends, `ip saddr != ${ends.wan}`),
    ...inputChain(ends, behaviour, { owned: true }),
    ...forwardChain(ends, behaviour, admitsStrangers(behaviour) ? ['ct status dnat accept'] : []),
  ]);
}

function declareMaps({ mapping, filtering }: MappingBehaviour): string[] {
  const endpoint = 'ipv4_addr . inet_service';
  const reuse = {
    'endpoint-independent': ['# inside endpoint -> outside port', `map reuse { type inet_proto . ${endpoint} : inet_service; ${limits} }`],
    'address-dependent': [
      '# inside endpoint and remote address -> outside port',
      `map reuse { type inet_proto . ${endpoint} . ipv4_addr : inet_service; ${limits} }`,
    ],
    'address-and-port-dependent': [],
  }[mapping];
  const user = {
    'endpoint-independent': endpoint,
    'address-dependent': `${endpoint} . ipv4_addr`,
    // The inside port is left out: nft knows no key of six fields, and conntrack lets no other socket of that host have this tuple.
    'address-and-port-dependent': `ipv4_addr . ${endpoint}`,
  }[mapping];
  return [
    ...reuse,
    '# outside port -> inside endpoint',
    `map owner { type inet_proto . inet_service : ${endpoint}; ${limits} }`,
    '# outside port and what may use it; nft cannot compare a packet with the value of a map',
    `set users { type inet_proto . inet_service . ${user}; ${limits} }`,
    ...(filtering === 'address-dependent'
      ? ['# outside port and the remote addresses it has sent to', `set peers { type inet_proto . inet_service . ipv4_addr; ${limits} }`]
      : []),
  ];
}

/** Which packets from outside are let in, by filtering (RFC 4787 §5) and hairpinning (§6). Conntrack alone is address-and-port-dependent. */
function admit({ filtering, hairpinning }: MappingBehaviour, { wan, wanIf, lanIf }: Ends): string[] {
  const toOwner = 'dnat ip to meta l4proto . th dport map @owner';
  const fromOutside = {
    'endpoint-independent': [`iifname ${wanIf} ip daddr ${wan} ${toOwner}`],
    'address-dependent': [`iifname ${wanIf} ip daddr ${wan} meta l4proto . th dport . ip saddr @peers ${toOwner}`],
    'address-and-port-dependent': [],
  }[filtering];
  return [...fromOutside, ...(hairpinning ? [`iifname ${lanIf} ip daddr ${wan} ${toOwner}`] : [])];
}

/** Which outside port a new flow gets, by mapping (RFC 4787 §4.1) and port assignment (§4.2). */
function allocate({ mapping, ports, hairpinning }: MappingBehaviour, { wan, lan, wanIf, lanIf, forwards }: Ends): string[] {
  const key = {
    'endpoint-independent': 'meta l4proto . ip saddr . th sport',
    'address-dependent': 'meta l4proto . ip saddr . th sport . ct original ip daddr',
    'address-and-port-dependent': undefined,
  }[mapping];
  const lines = (match: string, translate: string, to: string) => [
    ...(key ? [`${match} ${transports} ${to}:${key} map @reuse`] : []),
    ...assignPort(ports, forwards.length > 0, to).map((assign) => `${match} ${assign}`),
    `${match} ${translate}`,
  ];
  return [
    ...lines(`oifname ${wanIf} ip saddr ${lan}`, 'masquerade', 'masquerade to '),
    // A hairpinned packet arrives from the outside address, as RFC 4787 REQ-9 wants.
    ...(hairpinning ? lines(`oifname ${lanIf} ip saddr ${lan} ct status dnat`, `snat ip to ${wan}`, `snat ip to ${wan}`) : []),
  ];
}
