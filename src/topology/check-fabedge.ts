/** FabEdge: where its connector is by default and how edges get in to it, and what it cannot work with. */
import type { Path } from '../lib/document.ts';
import { listWords, suggest } from '../lib/names.ts';
import { versions } from '../lib/versions.ts';
import type { Install } from '../model/install.ts';
import type { LabNode, Site } from '../model/lab.ts';
import { findWayIn, translates } from '../nat/nat.ts';
import { type Problems, quote } from './problems.ts';
import type { PlacedNode, ResolvedSites } from './resolve-sites.ts';
import type { LooseTopology } from './shape.ts';

/** Without a word on it the tunnels end at the control plane. */
export const placeConnector = (install: Install, { nodes, sites }: ResolvedSites): Install => {
  const { fabedge } = install;
  if (!fabedge) return install;
  const connector = fabedge.connector === '' ? (nodes.find(({ role }) => role === 'control-plane')?.name ?? '') : fabedge.connector;
  const node = findNode(sites, connector);
  const entrance = (node && findEntrance(sites, node)) ?? fabedge.entrance;
  return { ...install, fabedge: { ...fabedge, connector, entrance } };
};

/** UDP ports of IKE, and of IKE and ESP through NATs (RFC 7296 section 2.23). */
const [ikePort, natPort] = [500, 4500];

const findNode = (sites: readonly Site[], name: string): LabNode | undefined =>
  sites.flatMap(({ nodes }) => nodes).find((node) => node.name === name);

/** Both ports unchanged, or whatever leads to the second; undefined where a NAT on the way lets nothing in. */
const findEntrance = (sites: Site[], { site, address }: LabNode): { address: string; port: number } | undefined => {
  const [ike, nat] = [ikePort, natPort].map((port) => findWayIn({ sites }, { site, address, port, protocol: 'udp' }));
  if (!nat || !('open' in nat)) return undefined;
  const unchanged = nat.open.port === natPort && ike && 'open' in ike && ike.open.port === ikePort;
  return unchanged ? { address: nat.open.address, port: ikePort } : nat.open;
};

/** Reports TOPO070 to TOPO075; the connector must have been placed. */
export const checkFabedge = (raw: LooseTopology, install: Install, sites: ResolvedSites, problems: Problems): void => {
  if (!install.fabedge) return;
  if (!install.kubeedge) {
    const hint = `add "kubeedge: ${versions.kubeedge[0]}" under install`;
    problems.errorAtKey('TOPO070', ['install', 'fabedge'], 'fabedge needs KubeEdge, which is not installed', hint);
  }
  checkRivals(raw, install, problems);
  const written = typeof raw.install?.fabedge === 'object' ? raw.install.fabedge : {};
  const { nodes, complete } = sites;
  const path: Path = ['install', 'fabedge'];
  if (written.connector !== undefined) {
    checkName(written.connector, [...path, 'connector'], { nodes, complete, problems, ...connectors });
  }
  checkEntrance(install.fabedge, sites, problems);
  for (const [community, members] of Object.entries(written.communities ?? {})) {
    for (const [index, member] of (members ?? []).entries()) {
      if (member === undefined) continue;
      checkName(member, [...path, 'communities', community, index], { nodes, complete, problems, ...edges });
    }
    if (!install.fabedge.mediator)
      checkTogether(install.fabedge.communities[community] ?? [], [...path, 'communities', community], sites, problems);
  }
};

/** Each edge is told the others' own addresses: of another LAN behind a NAT they lead nowhere. */
const checkTogether = (members: readonly string[], path: Path, { sites }: ResolvedSites, problems: Problems): void => {
  const behindNat = members.flatMap((member) => {
    const site = sites.find(({ nodes, lan }) => lan && translates(lan.router.nat) && nodes.some(({ name }) => name === member));
    return site ? [{ member, site: site.name }] : [];
  });
  const [first, other] = [behindNat[0], behindNat.find(({ site }) => site !== behindNat[0]?.site)];
  if (!first || !other) return;
  const message = `${quote(first.member)} and ${quote(other.member)} are in different LANs, whose NATs let no tunnel between them in`;
  problems.warning(
    'TOPO075',
    path,
    message,
    'write "mediator: true" beside "communities" to punch holes, or keep a Community inside a LAN',
  );
};

/** The connector waits for edges to begin: a NAT before it must lead them in. */
const checkEntrance = (
  { connector, entrance }: NonNullable<Install['fabedge']>,
  { sites, nodes }: ResolvedSites,
  problems: Problems,
): void => {
  const node = findNode(sites, connector);
  const placed = nodes.find(({ name }) => name === connector);
  if (!node || !placed || !connectors.fits(placed) || node.address === '' || entrance.address !== '') return;
  const way = findWayIn({ sites }, { site: node.site, address: node.address, port: natPort, protocol: 'udp' });
  if (!('closed' in way)) return;
  const { site, wanted } = way.closed;
  const inner = sites.find(({ lan }) => lan?.router.uplink === site && lan.router.wan === wanted.address)?.lan?.router.name;
  const nat = sites.find(({ name }) => name === site)?.lan?.router.nat;
  const message = `FabEdge's connector ${quote(connector)} is behind the router of site ${quote(site)}, which lets no edge in to its UDP port ${String(natPort)}`;
  const hint =
    nat && translates(nat) && nat.kind !== 'one-to-one'
      ? `add "forwards: [udp 45000 -> ${inner ?? connector}:${String(wanted.port)}]" to that site, or choose a node on the internet`
      : 'choose a node on the internet';
  problems.error('TOPO074', [...placed.path, 'role'], message, hint);
};

/** The agent makes the edges' pod network and Services itself, and removes what others leave there. */
const checkRivals = (raw: LooseTopology, { flannel, kubeProxy, edgemesh }: Install, problems: Problems): void => {
  const install = raw.install ?? {};
  if (flannel?.on.includes('edge')) {
    const message =
      "flannel on the edges and FabEdge exclude each other: FabEdge's agent makes the pod network there and deletes flannel's";
    problems.error('TOPO071', ['install', 'flannel', 'on'], message, 'write "on: [cloud]"');
  } else if (kubeProxy?.on.includes('edge')) {
    const message =
      'kube-proxy on the edges and FabEdge exclude each other: the agent has a kube-proxy inside, and both write the same rules';
    problems.error('TOPO071', ['install', 'kube-proxy', 'on'], message, 'write "kube-proxy: { on: [cloud] }"');
  }
  if (edgemesh && Object.hasOwn(install, 'edgemesh')) {
    const message = 'EdgeMesh and FabEdge exclude each other: both take the ClusterIPs on the edges';
    problems.errorAtKey('TOPO071', ['install', 'fabedge'], message, 'keep one of them; two labs can run side by side');
  }
};

type Wanted = { code: 'TOPO072' | 'TOPO073'; what: string; group: string; fits: (node: PlacedNode) => boolean };
const connectors: Wanted = {
  code: 'TOPO072',
  what: 'connector',
  group: 'cloud nodes',
  fits: ({ role }) => role === 'control-plane' || role === 'worker',
};
const edges: Wanted = { code: 'TOPO073', what: 'member', group: 'edges', fits: ({ role }) => role === 'edge' };

type Search = Wanted & { nodes: PlacedNode[]; complete: boolean; problems: Problems };

const checkName = (name: string, path: Path, { code, what, group, fits, nodes, complete, problems }: Search): void => {
  const node = nodes.find((one) => one.name === name);
  if ((node && (fits(node) || node.role === undefined)) || (!node && !complete)) return;
  const names = nodes.filter(fits).map((one) => one.name);
  const why = node ? `has the role ${node.role ?? ''}` : 'is no node of the lab';
  const hint = `${suggest(name, names)}${group}: ${names.length > 0 ? listWords(names) : 'none'}`;
  problems.error(code, path, `${what} ${quote(name)} ${why}`, hint);
};
