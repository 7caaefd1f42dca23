/** What a tester inside a LAN must find, by the behaviours of the routers on its way to the internet. */
import { movePrefix } from '../../lib/ipv6.ts';
import type { Ipv4 } from '../../model/address.ts';
import type { SiteRouter } from '../../model/lab.ts';
import type { Dependence, NatBehaviour, PortAssignment } from '../../model/nat.ts';
import { translates } from '../ruleset.ts';
import { pairPool, portBlocks } from '../port-assignment.ts';

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
  if (nat.kind === 'ipv6') return nat.filtering === 'open' ? 'endpoint-independent' : nat.filtering;
  return nat.kind === 'none' ? 'endpoint-independent' : 'address-and-port-dependent';
};

/** All UDP but DNS is kept in. */
export const blocksUdp = (nat: NatBehaviour): boolean => nat.kind !== 'none' && nat.blocksUdp === true;

/** Mapping and filtering of a chain of routers: the more dependent and the stricter of all. */
export const composeDependences = (chain: readonly NatBehaviour[]): { mapping: Dependence; filtering: Dependence } => ({
  mapping: chain.map(mappingOf).reduce(stricter, 'endpoint-independent'),
  filtering: chain.map(filteringOf).reduce(stricter, 'endpoint-independent'),
});

/** Where a host is seen: one address, or any of those of an arbitrary pool. */
type Passage = { addresses: readonly Ipv4[]; ports: string; pooling?: 'paired' | 'arbitrary' };

/** `way`: the routers from the node's own outwards. `address`: the node's. */
export function declaredFor(way: readonly SiteRouter[], address: Ipv4): Finding {
  const seen = way.reduce<Passage>(pass, { addresses: [address], ports: 'preserved' });
  const common = {
    ...composeDependences(way.map(({ nat }) => nat)),
    ports: seen.ports,
    'outside address': seen.addresses.join(' or '),
    ...(seen.pooling && { pooling: seen.pooling }),
  };
  const blocked = way.some(({ nat }) => blocksUdp(nat));
  const over = (protocol: string): Finding =>
    Object.fromEntries(Object.entries(common).map(([what, value]) => [`${protocol} ${what}`, value]));
  // Without a translation the outside address is the host's own, which it reaches without any router.
  const hairpinning: Finding =
    seen.addresses[0] === address ? {} : { 'UDP hairpinning': hairpins(way) ? 'from the outside address' : 'no' };
  // Ports that are the host's own can be asked from elsewhere, before they have sent anything.
  const unsolicited: Finding = way.every(({ nat }) => nat.kind === 'ipv6')
    ? { 'UDP unsolicited': way.every(({ nat }) => nat.kind === 'ipv6' && nat.filtering === 'open') ? 'let in' : 'kept out' }
    : {};
  return { UDP: blocked ? 'blocked' : 'passes', ...(blocked ? {} : { ...over('UDP'), ...hairpinning, ...unsolicited }), ...over('TCP') };
}

function pass(seen: Passage, { nat, wan, pairs, pool = [wan], subscribers = [] }: SiteRouter): Passage {
  const { addresses, ports } = seen;
  switch (nat.kind) {
    case 'none':
    case 'firewall':
      return seen;
    case 'ipv6': {
      const { prefix } = nat;
      return prefix === undefined ? seen : { ...seen, addresses: addresses.map((address) => movePrefix(address, prefix)) };
    }
    case 'one-to-one':
      return { ...seen, addresses: addresses.map((address) => pairs?.find(({ inside }) => inside === address)?.outside ?? wan) };
    case 'stock':
      return { ...seen, addresses: [wan], ports: nat.ports === 'random' ? 'random' : ports };
    case 'rfc4787': {
      const own = pairPool(pool, subscribers).filter(({ inside }) => addresses.includes(inside));
      const pooling = nat.pooling ?? (new Set(own.map(({ outside }) => outside)).size > 1 ? 'arbitrary' : 'paired');
      return {
        addresses: pool.length > 1 && nat.pooling !== 'arbitrary' ? [...new Set(own.map(({ outside }) => outside))] : pool,
        ports: describePorts(nat.ports, addresses, subscribers, pool) ?? ports,
        ...(pool.length > 1 ? { pooling } : seen.pooling && { pooling: 'paired' }),
      };
    }
  }
}

/** Undefined: as they came in. */
function describePorts(
  ports: PortAssignment,
  addresses: readonly Ipv4[],
  subscribers: readonly Ipv4[],
  pool: readonly Ipv4[],
): string | undefined {
  if (ports === 'preserve') return undefined;
  if (ports === 'random') return 'random';
  if (ports === 'sequential') return 'counted up';
  const blocks =
    ports.perSubscriber === undefined ? [ports] : portBlocks(ports, subscribers, pool).filter((one) => addresses.includes(one.address));
  return blocks.length === 0 ? undefined : `${Math.min(...blocks.map(({ from }) => from))}-${Math.max(...blocks.map(({ to }) => to))}`;
}

/**
 * The router that gave the outside address turns the packet round; those further in must let a stranger's packet through. A prefix is
 * routed back to its router by the one in front of it, so there the packet is let in like any other.
 */
function hairpins(way: readonly SiteRouter[]): boolean {
  const turns = way.findLastIndex(({ nat }) => translates(nat));
  const turner = way[turns]?.nat;
  const lets = ({ nat }: SiteRouter): boolean => filteringOf(nat) === 'endpoint-independent';
  if (turner?.kind === 'ipv6') return way.slice(0, turns + 1).every(lets);
  return turner?.kind === 'rfc4787' && turner.hairpinning && way.slice(0, turns).every(lets);
}

/** `what=value` lines for the prober. */
export const writeFinding = (finding: Finding): string =>
  Object.entries(finding)
    .map(([what, value]) => `${what}=${value}`)
    .join('\n');
