/** Faults of a router, held against its NAT; and finding what a fault is to happen to. */
import type { Path } from '../lib/document.ts';
import { contains, parseIpv4, parseSubnet } from '../lib/ip.ts';
import { suggest, thereAre } from '../lib/names.ts';
import type { Fault } from '../model/fault.ts';
import type { Site } from '../model/lab.ts';
import type { NatBehaviour } from '../model/nat.ts';
import { type Problems, quote } from './problems.ts';
import type { LooseTopology } from './shape.ts';

/** One entry of `faults:` as written. */
export type RawFault = NonNullable<NonNullable<LooseTopology['faults']>[number]>;
/** `path` leads to the entry. */
export type FaultContext = { sites: readonly Site[]; path: Path; problems: Problems };

/** Faults of a site's router. */
type RouterWord = 'rebind' | 'expire' | 'redial' | 'conntrack-full' | 'reboot';

/**
 * Undefined where the site has no router or is none (TOPO141). One that does not fit the router's NAT is reported (TOPO143) and
 * given all the same.
 */
export const readRouterFault = (word: RouterWord, entry: RawFault, context: FaultContext): Fault | undefined => {
  const { sites, path, problems } = context;
  const at = [...path, word];
  const name = findNamed(
    entry[word]!,
    sites.flatMap((site) => (site.lan ? [site.name] : [])),
    'site with a router',
    at,
    context,
  );
  const nat = sites.find((site) => site.name === name)?.lan?.router.nat;
  if (name === undefined || !nat) return undefined;
  const why = misfits[word]?.(nat);
  if (why !== undefined)
    problems.error('TOPO143', at, `${quote(word)} does not fit ${quote(name)}: ${why}`, 'choose another site, or another NAT for it');
  if (word !== 'redial') return { kind: word, site: name };
  const { to } = entry;
  if (to !== undefined && parseIpv4(to) === undefined)
    problems.error('TOPO143', [...path, 'to'], `${quote(to)} is no IPv4 address`, 'leave "to" out and a free one is taken');
  else if (to !== undefined) checkOutside(to, name, context);
  return { kind: word, site: name, ...(to !== undefined && { to }) };
};

/** The address must be one that the router can have where it is. */
const checkOutside = (to: string, name: string, { sites, path, problems }: FaultContext): void => {
  const router = sites.find((site) => site.name === name)?.lan?.router;
  const uplink = sites.find((site) => site.name === router?.uplink)?.lan?.subnet;
  const subnet = uplink === undefined ? undefined : parseSubnet(uplink);
  if (subnet && !contains(subnet, parseIpv4(to)!))
    problems.error(
      'TOPO143',
      [...path, 'to'],
      `${quote(to)} is not in ${subnet.cidr}, where this router is`,
      'leave "to" out and a free one is taken',
    );
};

const misfits: Partial<Record<RouterWord, (nat: NatBehaviour) => string | undefined>> = {
  rebind: ({ kind }) => (kind === 'rfc4787' ? undefined : 'its router has no mapping table, so it cannot give out other ports on purpose'),
  expire: ({ kind }) => (kind === 'none' ? 'its router keeps no bindings' : undefined),
  redial: ({ kind }) =>
    kind === 'rfc4787' || kind === 'stock' ? undefined : 'its router has no outside address on which all hosts depend',
  'conntrack-full': ({ kind }) => (kind === 'none' ? 'its router tracks no connections' : undefined),
};

/** The name where it is among `known`; else TOPO141 with the nearest one. `what` says what is looked for, in words. */
export const findNamed = (
  name: string,
  known: readonly string[],
  what: string,
  path: Path,
  { problems }: FaultContext,
): string | undefined => {
  if (known.includes(name)) return name;
  const there = known.length > 0 ? thereAre([...known]) : 'there is none';
  problems.error('TOPO141', path, `there is no ${what} ${quote(name)}`, `${suggest(name, [...known])}${there}`);
  return undefined;
};
