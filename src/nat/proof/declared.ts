/** What a tester inside a LAN must find, by the behaviours of the routers on its way to the internet. */
import type { Dependence, Ipv4, NatBehaviour, PortAssignment, SiteRouter } from '../../model/lab.ts';
import { portBlocks } from '../port-assignment.ts';

/** What is measured → value, in the words of the prober: `UDP mapping` → `endpoint-independent`. */
export type Finding = Record<string, string>;

const dependences: Dependence[] = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'];

/** The more dependent of two, which is what a chain of NATs shows. */
const stricter = (a: Dependence, b: Dependence): Dependence => dependences[Math.max(dependences.indexOf(a), dependences.indexOf(b))]!;

const mappingOf = (nat: NatBehaviour): Dependence => {
  if (nat.kind === 'rfc4787') return nat.mapping;
  return nat.kind === 'stock' && nat.ports === 'random' ? 'address-and-port-dependent' : 'endpoint-independent';
};

const filteringOf = (nat: NatBehaviour): Dependence => {
  if (nat.kind === 'rfc4787' || nat.kind === 'one-to-one') return nat.filtering;
  return nat.kind === 'none' ? 'endpoint-independent' : 'address-and-port-dependent';
};

export const blocksUdp = (nat: NatBehaviour): boolean => nat.kind !== 'none' && nat.blocksUdp === true;

/** Mapping and filtering of a chain of routers: the more dependent and the stricter of all. */
export const composeDependences = (chain: readonly NatBehaviour[]): { mapping: Dependence; filtering: Dependence } => ({
  mapping: chain.map(mappingOf).reduce(stricter, 'endpoint-independent'),
  filtering: chain.map(filteringOf).reduce(stricter, 'endpoint-independent'),
});

type Passage = { address: Ipv4; ports: string };

/** `way`: the routers from the node's own outwards. `address`: the node's. */
export function declaredFor(way: readonly SiteRouter[], address: Ipv4): Finding {
  const seen = way.reduce<Passage>(pass, { address, ports: 'preserved' });
  const common = {
    ...composeDependences(way.map(({ nat }) => nat)),
    ports: seen.ports,
    'outside address': seen.address,
  };
  const blocked = way.some(({ nat }) => blocksUdp(nat));
  const over = (protocol: string): Finding =>
    Object.fromEntries(Object.entries(common).map(([what, value]) => [`${protocol} ${what}`, value]));
  // Without a translation the outside address is the host's own, which it reaches without any router.
  const hairpinning: Finding = seen.address === address ? {} : { 'UDP hairpinning': hairpins(way) ? 'from the outside address' : 'no' };
  return { UDP: blocked ? 'blocked' : 'passes', ...(blocked ? {} : { ...over('UDP'), ...hairpinning }), ...over('TCP') };
}

function pass({ address, ports }: Passage, { nat, wan, pairs, subscribers }: SiteRouter): Passage {
  switch (nat.kind) {
    case 'none':
    case 'firewall':
      return { address, ports };
    case 'one-to-one':
      return { address: pairs?.find(({ inside }) => inside === address)?.outside ?? wan, ports };
    case 'stock':
      return { address: wan, ports: nat.ports === 'random' ? 'random' : ports };
    case 'rfc4787':
      return { address: wan, ports: describePorts(nat.ports, address, subscribers) ?? ports };
  }
}

/** Undefined: as they came in. */
function describePorts(ports: PortAssignment, address: Ipv4, subscribers: readonly Ipv4[] = []): string | undefined {
  if (ports === 'preserve') return undefined;
  if (ports === 'random') return 'random';
  if (ports === 'sequential') return 'counted up';
  const block = ports.perSubscriber === undefined ? ports : portBlocks(ports, subscribers).find((one) => one.address === address);
  return block && `${block.from}-${block.to}`;
}

/** The router that gave the outside address turns the packet round; those further in must let a stranger's packet through. */
function hairpins(way: readonly SiteRouter[]): boolean {
  const turns = way.findLastIndex(({ nat }) => nat.kind !== 'none' && nat.kind !== 'firewall');
  const turner = way[turns]?.nat;
  return (
    turner?.kind === 'rfc4787' && turner.hairpinning && way.slice(0, turns).every(({ nat }) => filteringOf(nat) === 'endpoint-independent')
  );
}

/** `what=value` lines for the prober. */
export const writeFinding = (finding: Finding): string =>
  Object.entries(finding)
    .map(([what, value]) => `${what}=${value}`)
    .join('\n');
