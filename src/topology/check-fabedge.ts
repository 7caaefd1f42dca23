/** FabEdge: where its connector is by default, and what it cannot work with. */
import type { Path } from '../lib/document.ts';
import { listWords, suggest } from '../lib/names.ts';
import type { Install } from '../model/lab.ts';
import { type Problems, quote } from './problems.ts';
import type { PlacedNode, ResolvedSites } from './resolve-sites.ts';
import type { LooseTopology } from './shape.ts';
import { versions } from './versions.ts';

/** Without a word on it the tunnels end at the control plane. */
export const placeConnector = (install: Install, { nodes }: ResolvedSites): Install => {
  const { fabedge } = install;
  if (!fabedge || fabedge.connector !== '') return install;
  const connector = nodes.find(({ role }) => role === 'control-plane')?.name ?? '';
  return { ...install, fabedge: { ...fabedge, connector } };
};

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
  for (const [community, members] of Object.entries(written.communities ?? {})) {
    for (const [index, member] of (members ?? []).entries()) {
      if (member === undefined) continue;
      checkName(member, [...path, 'communities', community, index], { nodes, complete, problems, ...edges });
    }
  }
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
