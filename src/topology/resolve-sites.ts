/** Sites: which are LANs behind routers, and the address of every router and node. */
import { countHosts, type Subnet } from '../lib/ip.ts';
import type { Path } from '../lib/document.ts';
import { plural } from '../lib/names.ts';
import type { ContainerRuntime, LabNode, NodeRole, Site } from '../model/lab.ts';
import type { NatBehaviour } from '../model/nat.ts';
import { assignAddress } from './addresses.ts';
import type { Problems } from './problems.ts';
import { quote } from './problems.ts';
import { resolveNat } from './resolve-nat.ts';
import { countIn, dotted, type Lan, pairUp, placeRouter, settleRouter, type Wire } from './resolve-router.ts';
import { resolveUplinks, type Uplink } from './resolve-uplinks.ts';
import { furtherOrder, lanNodeOrder, makeSegment, publicNodeOrder, routerOrder, type Segment } from './segment.ts';
import { isBroken, type LooseTopology } from './shape.ts';
import { readSubnet, roomier } from './subnets.ts';

type RawSite = NonNullable<NonNullable<LooseTopology['sites']>[string]>;

/** A node with where it is written, for the checks that follow. */
export type PlacedNode = {
  name: string;
  site: string;
  role: NodeRole | undefined;
  runtime?: ContainerRuntime;
  path: Path;
  behindNat: boolean;
};

/**
 * What is known of sites and nodes, both as they go into the lab and with their places in the file. `lans` are those with a usable
 * subnet.
 */
export type ResolvedSites = {
  sites: Site[];
  nodes: PlacedNode[];
  lans: { site: string; subnet: Subnet; path: Path; nat: NatBehaviour; uplinks: [Uplink, ...Uplink[]] }[];
  /** False when some nodes or roles could not be read: then what is missing may be among them. */
  complete: boolean;
};

/** The internet as seen by sites: absent when its subnet cannot be used. */
export type InternetSegment = { segment: Segment; path: Path } | undefined;

/** What cannot be read has been reported, and something stands in for it: an empty address, or the role `host` in `sites`. */
export const resolveSites = (raw: LooseTopology, internet: InternetSegment, problems: Problems): ResolvedSites => {
  const written = raw.sites ?? {};
  const entries = Object.entries(written);
  const resolved: ResolvedSites = { sites: [], nodes: [], lans: [], complete: !isBroken(raw, 'sites') };
  const uplinks = resolveUplinks(written, (name) => isLan(written[name] ?? {}), problems);
  const lans = entries.flatMap(([name, site]) => (site && isLan(site) ? [readLan(name, site, uplinks.get(name) ?? [], problems)] : []));
  for (const { name, subnet, nat, uplinks: ways } of lans)
    if (subnet) resolved.lans.push({ site: name, subnet, path: ['sites', name, 'subnet'], nat, uplinks: ways });
  const outside = internet && openInternet(entries, lans, internet, problems);
  const wires = new Map(lans.map((lan) => [lan.name, openLan(lan, lans, problems)]));
  const wireOf = (uplink: Uplink) => (uplink === undefined ? outside : wires.get(uplink));
  for (const [name, site] of entries) {
    if (!site || isBroken(site, 'nodes')) resolved.complete = false;
    const lan = lans.find((one) => one.name === name);
    if (lan) {
      const router = placeRouter(lan, wireOf, problems);
      const nodes = resolveNodes(name, lan.raw, wires.get(name), resolved, problems);
      resolved.sites.push({ name, lan: { subnet: lan.subnet?.cidr ?? '', router: pairUp(router, nodes) }, nodes });
    } else resolved.sites.push({ name, nodes: resolveNodes(name, site ?? {}, outside, resolved, problems) });
  }
  for (const site of resolved.sites) settleRouter(site, resolved.sites, written[site.name] ?? {}, problems);
  return resolved;
};

const readLan = (name: string, raw: RawSite, [first, ...others]: readonly Uplink[], problems: Problems): Lan => {
  const { behaviour, natName } = resolveNat(raw.nat, ['sites', name, 'nat'], problems);
  return { name, raw, subnet: readLanSubnet(name, raw, problems), nat: behaviour, natName, uplinks: [first, ...others] };
};

const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);

/** The internet segment with its orders, if everyone who needs an address finds room. */
const openInternet = (
  sites: [string, RawSite | undefined][],
  lans: readonly Lan[],
  { segment, path }: NonNullable<InternetSegment>,
  problems: Problems,
): Wire | undefined => {
  const direct = lans.filter(({ uplinks }) => uplinks.includes(undefined));
  const nodes = sum(sites.map(([, site]) => (site && !isLan(site) ? Object.keys(site.nodes ?? {}).length : 0)));
  const addresses = sum(direct.map((lan) => countIn(lan, undefined)));
  const who = `the core router, ${plural(direct.length, 'site router')} and ${plural(nodes, 'public node')}`;
  if (!hasRoom(segment.subnet, 1 + addresses + nodes, who, path, problems)) return undefined;
  return { segment, nodes: publicNodeOrder(segment.subnet), ...routerOrders(segment.subnet) };
};

const routerOrders = (subnet: Subnet) => ({ routers: routerOrder(subnet), further: furtherOrder(subnet) });

const isLan = (site: RawSite): boolean => Object.hasOwn(site, 'subnet') || Object.hasOwn(site, 'nat');

/** A LAN's segment, if its nodes and the routers of sites further in find room. */
const openLan = ({ name, raw, subnet }: Lan, lans: readonly Lan[], problems: Problems): Wire | undefined => {
  if (!subnet) return undefined;
  const inner = lans.filter(({ uplinks }) => uplinks.includes(name));
  const nodes = Object.keys(raw.nodes ?? {}).length;
  const routers = inner.length > 0 ? `, ${plural(inner.length, 'inner router')}` : '';
  const path = ['sites', name, 'subnet'];
  if (
    !hasRoom(
      subnet,
      1 + nodes + sum(inner.map((lan) => countIn(lan, name))),
      `a router${routers} and ${plural(nodes, 'node')}`,
      path,
      problems,
    )
  )
    return undefined;
  return { segment: makeSegment(subnet, `the router of site ${name}`), nodes: lanNodeOrder(subnet), ...routerOrders(subnet) };
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

const hasRoom = (subnet: Subnet, wanted: number, who: string, path: Path, problems: Problems): boolean => {
  const room = countHosts(subnet);
  if (room >= wanted) return true;
  const message = `${quote(subnet.cidr)} is too small: it has ${plural(room, 'host address', 'es')}, and ${who} need ${wanted}`;
  problems.error('TOPO022', path, message, roomier(subnet, wanted));
  return false;
};

const resolveNodes = (site: string, raw: RawSite, wire: Wire | undefined, resolved: ResolvedSites, problems: Problems): LabNode[] =>
  Object.entries(raw.nodes ?? {}).map(([name, node]) => {
    const path = ['sites', site, 'nodes', name];
    const role = node?.role;
    if (role === undefined) resolved.complete = false;
    const runtime = node?.runtime === undefined ? {} : { runtime: node.runtime };
    resolved.nodes.push({ name, site, role, ...runtime, path, behindNat: isLan(raw) });
    const inside = wire && { segment: wire.segment, order: wire.nodes };
    const address = inside && assignAddress(name, node ?? {}, [...path, 'address'], inside, problems);
    return { name, site, role: role ?? 'host', address: dotted(address), ...runtime };
  });
