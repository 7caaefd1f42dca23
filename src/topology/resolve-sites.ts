/** Sites: which are LANs behind routers, and the address of every router and node. */
import { formatIpv4, hostAt, countHosts, type Subnet } from '../lib/ip.ts';
import type { Path } from '../lib/document.ts';
import type { Ipv4, LabNode, NodeRole, Site, SiteRouter } from '../model/lab.ts';
import { assignAddress } from './addresses.ts';
import { routerName } from './check-names.ts';
import type { Problems } from './problems.ts';
import { quote } from './problems.ts';
import { resolveNat } from './resolve-nat.ts';
import { lanNodeOrder, makeSegment, type Order, publicNodeOrder, routerOrder, type Segment } from './segment.ts';
import { isBroken, type LooseTopology } from './shape.ts';
import { readSubnet, roomier } from './subnets.ts';

type RawSite = NonNullable<NonNullable<LooseTopology['sites']>[string]>;

/** A node with where it is written, for the checks that follow. */
export type PlacedNode = { name: string; site: string; role: NodeRole | undefined; path: Path; behindNat: boolean };

export type ResolvedSites = {
  sites: Site[];
  nodes: PlacedNode[];
  lans: { site: string; subnet: Subnet; path: Path; routed: boolean }[];
  /** False when some nodes or roles could not be read: then what is missing may be among them. */
  complete: boolean;
};

/** The internet as seen by sites: absent when its subnet cannot be used. */
export type InternetSegment = { segment: Segment; path: Path } | undefined;

export const resolveSites = (raw: LooseTopology, internet: InternetSegment, problems: Problems): ResolvedSites => {
  const entries = Object.entries(raw.sites ?? {});
  const outside = internet && openInternet(entries, internet, problems);
  const resolved: ResolvedSites = { sites: [], nodes: [], lans: [], complete: !isBroken(raw, 'sites') };
  for (const [name, site] of entries) {
    if (!site || isBroken(site, 'nodes')) resolved.complete = false;
    resolved.sites.push(resolveSite(name, site ?? {}, outside, resolved, problems));
  }
  return resolved;
};

type Outside = { segment: Segment; nodes: Order; routers: Order };

/** The internet segment with its orders, if everyone who needs an address finds room. */
const openInternet = (
  sites: [string, RawSite | undefined][],
  { segment, path }: NonNullable<InternetSegment>,
  problems: Problems,
): Outside | undefined => {
  const routers = sites.filter(([, site]) => site && isLan(site)).length;
  const nodes = sites.reduce((sum, [, site]) => sum + (site && !isLan(site) ? Object.keys(site.nodes ?? {}).length : 0), 0);
  const who = `the core router, ${count(routers, 'site router')} and ${count(nodes, 'public node')}`;
  if (!hasRoom(segment.subnet, 1 + routers + nodes, who, path, problems)) return undefined;
  return { segment, nodes: publicNodeOrder(segment.subnet), routers: routerOrder(segment.subnet) };
};

const isLan = (site: RawSite): boolean => Object.hasOwn(site, 'subnet') || Object.hasOwn(site, 'nat');

const resolveSite = (name: string, site: RawSite, outside: Outside | undefined, resolved: ResolvedSites, problems: Problems): Site => {
  if (!isLan(site)) {
    return { name, nodes: resolveNodes(name, site, outside && { segment: outside.segment, order: outside.nodes }, resolved, problems) };
  }
  const path = ['sites', name];
  const subnet = readLanSubnet(name, site, problems);
  const wan = outside?.segment.take(outside.routers, `the router of site ${name}`);
  const { behaviour, natName } = resolveNat(site.nat);
  const first = subnet && hostAt(subnet, 1);
  const router: SiteRouter = { name: routerName(name), wan: dotted(wan), lan: dotted(first), nat: behaviour, natName };
  if (subnet) resolved.lans.push({ site: name, subnet, path: [...path, 'subnet'], routed: behaviour.kind === 'none' });
  const room = subnet && lanHasRoom(name, site, subnet, problems);
  const inside = room ? { segment: makeSegment(subnet, `the router of site ${name}`), order: lanNodeOrder(subnet) } : undefined;
  return { name, lan: { subnet: subnet?.cidr ?? '', router }, nodes: resolveNodes(name, site, inside, resolved, problems) };
};

const readLanSubnet = (name: string, site: RawSite, problems: Problems): Subnet | undefined => {
  const path = ['sites', name];
  if (!Object.hasOwn(site, 'subnet')) {
    const hint = 'add e.g. "subnet: 192.168.1.0/24", or remove "nat" and its nodes sit on the internet itself';
    problems.errorAtKey('TOPO015', [...path, 'nat'], `site ${quote(name)} has a NAT but no subnet`, hint);
  } else if (!Object.hasOwn(site, 'nat')) {
    const hint =
      'add e.g. "nat: port-restricted" (or "nat: none" to only route), or remove "subnet" and its nodes sit on the internet itself';
    problems.errorAtKey('TOPO016', [...path, 'subnet'], `site ${quote(name)} has a subnet but no nat`, hint);
  }
  return readSubnet(site.subnet, [...path, 'subnet'], problems);
};

const lanHasRoom = (name: string, site: RawSite, subnet: Subnet, problems: Problems): boolean => {
  const nodes = Object.keys(site.nodes ?? {}).length;
  return hasRoom(subnet, 1 + nodes, `a router and ${count(nodes, 'node')}`, ['sites', name, 'subnet'], problems);
};

const hasRoom = (subnet: Subnet, wanted: number, who: string, path: Path, problems: Problems): boolean => {
  const room = countHosts(subnet);
  if (room >= wanted) return true;
  const message = `${quote(subnet.cidr)} is too small: it has ${count(room, 'host address', 'es')}, and ${who} need ${wanted}`;
  problems.error('TOPO022', path, message, roomier(subnet, wanted));
  return false;
};

type Inside = { segment: Segment; order: Order } | undefined;

const resolveNodes = (site: string, raw: RawSite, inside: Inside, resolved: ResolvedSites, problems: Problems): LabNode[] =>
  Object.entries(raw.nodes ?? {}).map(([name, node]) => {
    const path = ['sites', site, 'nodes', name];
    const role = node?.role;
    if (role === undefined) resolved.complete = false;
    resolved.nodes.push({ name, site, role, path, behindNat: isLan(raw) });
    const address = inside && assignAddress(name, node ?? {}, [...path, 'address'], inside, problems);
    return { name, site, role: role ?? 'host', address: dotted(address) };
  });

/** A lab with problems is never handed out, so what stands in for an address nobody could assign is not seen. */
const dotted = (address: number | undefined): Ipv4 => (address === undefined ? '' : formatIpv4(address));

const count = (number: number, word: string, ending = 's'): string => `${number} ${word}${number === 1 ? '' : ending}`;
