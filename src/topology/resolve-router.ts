/** A LAN's router: its outside addresses, and what can be said of it only when all addresses are known. */
import { formatIpv4, hostAt, parseSubnet, specialUse, type Subnet } from '../lib/ip.ts';
import type { Path } from '../lib/document.ts';
import { plural } from '../lib/names.ts';
import type { Ipv4 } from '../model/address.ts';
import type { LabNode, Site, SiteRouter } from '../model/lab.ts';
import type { NatBehaviour } from '../model/nat.ts';
import { listWays, outsideAddresses } from '../lib/outside.ts';
import { countBlocks, translates } from '../nat/nat.ts';
import { claimAddress } from './addresses.ts';
import { routerName } from './check-names.ts';
import { type Problems, quote } from './problems.ts';
import { resolveForwards } from './resolve-forwards.ts';
import type { Order, Segment } from './segment.ts';
import type { Uplink } from './resolve-uplinks.ts';
import type { LooseTopology } from './shape.ts';

type RawSite = NonNullable<NonNullable<LooseTopology['sites']>[string]>;

/** Addresses of one segment as they are handed out to nodes and to routers. */
export type Wire = { segment: Segment; nodes: Order; routers: Order; further: Order };

/** What is known of a LAN before any address of it is given away. */
export type Lan = {
  name: string;
  raw: RawSite;
  subnet: Subnet | undefined;
  nat: NatBehaviour;
  natName: string;
  /** The preferred one first. */
  uplinks: [Uplink, ...Uplink[]];
};

/** What a NAT made of axes says of its outside addresses: how many, or which. */
const writtenPool = ({ nat, raw }: Lan) => (nat.kind === 'rfc4787' && typeof raw.nat === 'object' ? raw.nat.addresses : undefined);

/** Addresses of a LAN's router in the LAN of a site, or on the internet. */
export const countIn = (lan: Lan, uplink: Uplink): number => {
  if (!lan.uplinks.includes(uplink)) return 0;
  return lan.uplinks[0] === uplink ? countOutside(lan) : 1;
};

/** Outside addresses of a LAN's router on its first uplink: one, as many as it says, or with a one-to-one NAT one per node. */
const countOutside = (lan: Lan): number => {
  if (lan.nat.kind === 'one-to-one') return Math.max(1, Object.keys(lan.raw.nodes ?? {}).length);
  const pool = writtenPool(lan) ?? 1;
  return typeof pool === 'number' ? pool : Math.max(1, pool.length);
};

/**
 * Takes its outside addresses on the wire of each uplink; one that nobody could assign is empty. What hosts inside have is not
 * known yet: `pairUp` and `settleRouter` come later. Reports TOPO120, TOPO121 and TOPO123.
 */
export const placeRouter = (lan: Lan, wireOf: (uplink: Uplink) => Wire | undefined, problems: Problems): SiteRouter => {
  const { name, subnet, nat, natName, uplinks } = lan;
  const [uplink, ...others] = uplinks;
  const outside = takeOutside(lan, wireOf(uplink), problems);
  const backups = others.map((other) => {
    const wire = wireOf(other);
    const wan = dotted(wire?.segment.take(wire.further, `the router of site ${name}`));
    return { wan, ...(other !== undefined && { uplink: other }) };
  });
  checkPooling(lan, outside.length, problems);
  if (others.length > 0) checkBackups(lan, problems);
  const router = { name: routerName(name), wan: outside[0] ?? '', lan: dotted(subnet && hostAt(subnet, 1)), nat, natName };
  return {
    ...router,
    ...(uplink !== undefined && { uplink }),
    ...(backups.length > 0 && { backups }),
    ...(nat.kind === 'one-to-one' && { pairs: outside.map((address) => ({ inside: '', outside: address })) }),
    ...(nat.kind === 'rfc4787' && outside.length > 1 && { pool: outside }),
  };
};

const takeOutside = (lan: Lan, wire: Wire | undefined, problems: Problems): Ipv4[] => {
  const holder = `the router of site ${lan.name}`;
  const pool = writtenPool(lan);
  if (!Array.isArray(pool) || pool.length === 0)
    return Array.from({ length: countOutside(lan) }, (_, n) => dotted(wire?.segment.take(n === 0 ? wire.routers : wire.further, holder)));
  return pool.map((text, index) => {
    const path: Path = ['sites', lan.name, 'nat', 'addresses', index];
    return dotted(text === undefined || !wire ? undefined : claimAddress(text, holder, path, wire.segment, problems));
  });
};

const checkPooling = ({ name, nat, raw }: Lan, addresses: number, problems: Problems): void => {
  if (nat.kind !== 'rfc4787' || typeof raw.nat !== 'object') return;
  const path = ['sites', name, 'nat'];
  if (Array.isArray(raw.nat.addresses) && raw.nat.addresses.length === 0)
    problems.error('TOPO120', [...path, 'addresses'], 'a router has at least one outside address', 'say how many, e.g. "addresses: 2"');
  if (nat.pooling !== 'arbitrary') return;
  if (addresses < 2)
    problems.error(
      'TOPO120',
      [...path, 'pooling'],
      'arbitrary pooling picks from several outside addresses, and this NAT has one',
      'add e.g. "addresses: 2", or remove "pooling"',
    );
  if (countBlocks(nat.ports) !== undefined)
    problems.error(
      'TOPO121',
      [...path, 'pooling'],
      'a port block is of one outside address, so its host is paired with that',
      'remove "pooling: arbitrary" or "per-subscriber"',
    );
};

const checkBackups = ({ name, nat }: Lan, problems: Problems): void => {
  const path = ['sites', name, 'uplinks'];
  if (!translates(nat)) {
    const message = 'a LAN that is not translated is found by one way only';
    problems.error('TOPO123', path, message, 'choose a NAT that translates, or one uplink');
  } else if (nat.kind === 'one-to-one')
    problems.error('TOPO123', path, 'a one-to-one NAT has its outside addresses on one uplink', 'choose another NAT, or one uplink');
  else if (nat.kind === 'rfc4787' && countBlocks(nat.ports) !== undefined)
    problems.error('TOPO123', path, 'port blocks are of one uplink', 'leave out "per-subscriber", or choose one uplink');
};

/** A one-to-one NAT gives its outside addresses to its nodes in the file's order. */
export const pairUp = (router: SiteRouter, nodes: readonly LabNode[]): SiteRouter =>
  router.pairs
    ? { ...router, pairs: nodes.map(({ address }, index) => ({ inside: address, outside: router.pairs?.[index]?.outside ?? '' })) }
    : router;

/** What can be said of a router only when all addresses are known. */
export const settleRouter = (
  site: Site,
  sites: readonly Site[],
  { forwards, upnp }: Pick<RawSite, 'forwards' | 'upnp'>,
  problems: Problems,
): void => {
  const { lan } = site;
  const inside = [
    ...site.nodes.map(({ name, address }) => [name, address] as const),
    ...sites.flatMap(({ lan: inner }) =>
      inner
        ? listWays(inner.router)
            .filter(({ uplink }) => uplink === site.name)
            .map(({ wan }) => [inner.router.name, wan] as const)
        : [],
    ),
  ];
  const bound = forwards && forwards.length > 0 ? resolveForwards(forwards, site, new Map(inside), problems) : [];
  if (!lan) {
    if (upnp === true)
      problems.errorAtKey(
        'TOPO125',
        ['sites', site.name, 'upnp'],
        `site ${quote(site.name)} has no router`,
        'add "nat" and "subnet", or remove "upnp"',
      );
    return;
  }
  if (upnp === true && mapsPorts(site.name, lan.router, problems)) lan.router.upnp = true;
  const { nat, pool = [] } = lan.router;
  if (bound.length > 0) lan.router.forwards = bound;
  const ports = nat.kind === 'rfc4787' ? nat.ports : undefined;
  const blocks = ports === undefined ? undefined : countBlocks(ports);
  if (blocks === undefined && pool.length === 0) return;
  lan.router.subscribers = listSubscribers(site, sites);
  const wanted = lan.router.subscribers.length;
  if (typeof ports !== 'object' || blocks === undefined || blocks === 0) return;
  const room = blocks * Math.max(1, pool.length);
  if (room >= wanted) return;
  const message = `ports ${ports.from}-${ports.to} are ${plural(room, 'block')} of ${ports.perSubscriber ?? 0}, and site ${quote(site.name)} has ${plural(wanted, 'inside address', 'es')}`;
  problems.error('TOPO061', ['sites', site.name, 'nat'], message, 'smaller blocks, or a wider range');
};

const mapsPorts = (site: string, { nat, wan }: SiteRouter, problems: Problems): boolean => {
  const path = ['sites', site, 'upnp'];
  if (!translates(nat) || nat.kind === 'one-to-one') {
    const message = `UPnP opens ports of a shared address, and this NAT ${translates(nat) ? 'gives every node its own' : 'does not translate'}`;
    problems.error('TOPO125', path, message, 'choose another NAT, or remove "upnp"');
    return false;
  }
  const special = parseSubnet(`${wan}/32`);
  const use = special && specialUse(special);
  if (use)
    problems.warning(
      'TOPO126',
      path,
      `the router's outside address ${wan} is set aside for ${use.use}, so it opens no ports`,
      "as home routers behind a provider's NAT do: an open port there would lead nowhere",
    );
  return true;
};

/** Inside addresses a router translates: of its LAN, and of LANs that are routed to it. */
const listSubscribers = ({ name, nodes }: Site, sites: readonly Site[]): Ipv4[] => [
  ...nodes.map(({ address }) => address),
  ...sites.flatMap((inner) => {
    const router = inner.lan?.router;
    if (!router) return [];
    const here = listWays(router).filter(({ uplink }) => uplink === name);
    if (here.length === 0) return [];
    const addresses = router.uplink === name ? outsideAddresses({ ...router, backups: [] }) : here.map(({ wan }) => wan);
    return [...addresses, ...(translates(router.nat) ? [] : listSubscribers(inner, sites))];
  }),
];

/** A lab with problems is never handed out, so what stands in for an address nobody could assign is not seen. */
export const dotted = (address: number | undefined): Ipv4 => (address === undefined ? '' : formatIpv4(address));
