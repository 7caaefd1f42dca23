/**
 * NAT by RFC 4787 and RFC 5382 axes as an nftables table. The kernel's conntrack only keeps tuples unique, so two hosts can share
 * an outside port towards different servers; here maps own the outside ports instead, and conntrack carries out what they say.
 */
import type { Ipv4 } from '../model/address.ts';
import { admitForwards, declareForwards } from './forwards.ts';
import { makeLearnChains } from './learn-chains.ts';
import { assignPort, declareBlocks, drawChains, transports, type TakenPorts } from './port-assignment.ts';
import type { Rfc4787 } from './presets.ts';
import { bindEnds, block, forwardChain, guardChain, inputChain, markChain, replaceTable, setOf, untranslated } from './router-facts.ts';
import type { Ends, Exit, PortSpace, RouterFacts } from './router-facts.ts';

/** Elements a map can hold: one per outside port. */
const limits = 'flags dynamic,timeout; size 65535;';

/** True when a packet from outside can reach a LAN host that did not send to just that address and port. */
const admitsStrangers = ({ filtering, hairpinning }: Rfc4787): boolean => filtering !== 'address-and-port-dependent' || hairpinning;

/** nftables text of the table `ip lab` of a site router. */
export function makeMappingTable(behaviour: Rfc4787, at: RouterFacts): string {
  const ends = bindEnds(at);
  return replaceTable([
    ...markChain(ends),
    ...ends.spaces.flatMap(({ suffix }) => declareMaps(behaviour, suffix)),
    ...declareForwards(ends),
    ...declareBlocks(behaviour.ports, at),
    ...block('chain prerouting', [
      'type nat hook prerouting priority dstnat; policy accept;',
      ...admitForwards(ends, behaviour.hairpinning),
      ...admit(behaviour, ends),
    ]),
    ...drawChains(
      behaviour.ports,
      at,
      ends.spaces.map((space) => takenPorts(ends, space)),
    ),
    ...takeChains(behaviour, ends),
    ...block('chain postrouting', [
      'type nat hook postrouting priority srcnat; policy accept;',
      ...allocate(behaviour, ends, at.subscribers ?? []),
    ]),
    ...makeLearnChains(behaviour, ends, admitsStrangers(behaviour)),
    ...guardChain(untranslated(ends)),
    ...inputChain(ends, behaviour, { owned: true }),
    ...forwardChain(ends, behaviour, admitsStrangers(behaviour) ? ['ct status dnat accept'] : []),
  ]);
}

function declareMaps({ mapping, filtering }: Rfc4787, suffix: string): string[] {
  const endpoint = 'ipv4_addr . inet_service';
  const reuse = {
    'endpoint-independent': [
      '# inside endpoint -> outside port',
      `map reuse${suffix} { type inet_proto . ${endpoint} : inet_service; ${limits} }`,
    ],
    'address-dependent': [
      '# inside endpoint and remote address -> outside port',
      `map reuse${suffix} { type inet_proto . ${endpoint} . ipv4_addr : inet_service; ${limits} }`,
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
    `map owner${suffix} { type inet_proto . inet_service : ${endpoint}; ${limits} }`,
    '# outside port and what may use it; nft cannot compare a packet with the value of a map',
    `set users${suffix} { type inet_proto . inet_service . ${user}; ${limits} }`,
    ...(filtering === 'address-dependent'
      ? [
          '# outside port and the remote addresses it has sent to',
          `set peers${suffix} { type inet_proto . inet_service . ipv4_addr; ${limits} }`,
        ]
      : []),
  ];
}

/** Which packets from outside are let in, by filtering (RFC 4787 §5) and hairpinning (§6). Conntrack alone is address-and-port-dependent. */
const admit = ({ filtering, hairpinning }: Rfc4787, { spaces, wanIf, lanIf }: Ends): string[] =>
  spaces.flatMap(({ address, suffix }) => {
    const toOwner = `dnat ip to meta l4proto . th dport map @owner${suffix}`;
    const fromOutside = {
      'endpoint-independent': [`iifname ${wanIf} ip daddr ${address} ${toOwner}`],
      'address-dependent': [`iifname ${wanIf} ip daddr ${address} meta l4proto . th dport . ip saddr @peers${suffix} ${toOwner}`],
      'address-and-port-dependent': [],
    }[filtering];
    return [...fromOutside, ...(hairpinning ? [`iifname ${lanIf} ip daddr ${address} ${toOwner}`] : [])];
  });

/** Which outside endpoint a new flow gets, by mapping (RFC 4787 §4.1), port assignment (§4.2) and pooling (REQ-2). */
function allocate(behaviour: Rfc4787, ends: Ends, subscribers: readonly Ipv4[]): string[] {
  const { mapping, ports, hairpinning } = behaviour;
  const { lan, lanIf, exits } = ends;
  const key = {
    'endpoint-independent': 'meta l4proto . ip saddr . th sport',
    'address-dependent': 'meta l4proto . ip saddr . th sport . ct original ip daddr',
    'address-and-port-dependent': undefined,
  }[mapping];
  const lines = ({ spaces }: Exit, match: string, translate: string, to: string): string[] =>
    spaces.length > 1
      ? [
          ...(key ? spaces.map(({ address, suffix }) => `${match} ${transports} snat ip to ${address}:${key} map @reuse${suffix}`) : []),
          ...choose(behaviour, spaces, subscribers).map((choice) => `${match} ${choice}`),
        ]
      : [
          ...(key ? [`${match} ${transports} ${to}:${key} map @reuse${spaces[0]!.suffix}`] : []),
          ...assignPort(ports, takenPorts(ends, spaces[0]!), translate, to).map((assign) => `${match} ${assign}`),
          `${match} ${translate}`,
        ];
  // A hairpinned packet arrives from an outside address of the way it was sent to, as RFC 4787 REQ-9 wants.
  const turned = (exit: Exit): string[] => {
    const way = exits.length > 1 ? ` ct original ip daddr ${setOf(exit.spaces.map(({ address }) => address))}` : '';
    const to = `snat ip to ${exit.wan}`;
    return hairpinning ? lines(exit, `oifname ${lanIf} ip saddr ${lan} ct status dnat${way}`, to, to) : [];
  };
  return exits.flatMap((exit) => [
    ...lines(exit, `oifname ${exit.wanIf} ip saddr ${lan}`, 'masquerade', 'masquerade to '),
    ...turned(exit),
  ]);
}

/** Sets of ports that a flow cannot have. Forwards are of the first outside address of each way out. */
const takenPorts = ({ forwards, exits }: Ends, { address, suffix }: PortSpace): TakenPorts => ({
  suffix,
  taken: [`@owner${suffix}`, ...(forwards.length > 0 && exits.some(({ wan }) => wan === address) ? ['@forwards'] : [])],
});

/** Who leads a flow without a mapping to which outside address; a paired host that the plan does not know goes where its address hashes to. */
function choose({ pooling }: Rfc4787, spaces: readonly PortSpace[], subscribers: readonly Ipv4[]): string[] {
  const any = spaces.map(({ suffix }, index) => `${index} : goto take${suffix}`).join(', ');
  if (pooling === 'arbitrary') return [`numgen random mod ${spaces.length} vmap { ${any} }`];
  const known = subscribers.map((inside, index) => `${inside} : goto take${spaces[index % spaces.length]!.suffix}`);
  return [...(known.length > 0 ? [`ip saddr vmap { ${known.join(', ')} }`] : []), `jhash ip saddr mod ${spaces.length} vmap { ${any} }`];
}

/** Where a way out has several addresses: a port of one of them. */
const takeChains = ({ ports }: Rfc4787, ends: Ends): string[] =>
  ends.exits
    .flatMap(({ spaces }) => (spaces.length > 1 ? spaces : []))
    .flatMap((space) => {
      const to = `snat ip to ${space.address}`;
      return block(`chain take${space.suffix}`, [...assignPort(ports, takenPorts(ends, space), to, to), to]);
    });
