/** Whether what is installed and what the nodes are for make a lab that can work. */
import type { Path } from '../lib/document.ts';
import { listWords } from '../lib/names.ts';
import { versions } from '../lib/versions.ts';
import type { Install } from '../model/install.ts';
import type { NodeRole } from '../model/lab.ts';
import { checkEntrance } from './check-entrance.ts';
import { type Problems, quote } from './problems.ts';
import type { PlacedNode, ResolvedSites } from './resolve-sites.ts';
import type { LooseTopology } from './shape.ts';

/** Reports TOPO030 to TOPO033, TOPO036 to TOPO039, TOPO106 and TOPO110. */
export const checkInstall = (raw: LooseTopology, install: Install, sites: ResolvedSites, problems: Problems): void => {
  checkNeeds(raw, install, problems);
  checkRoles(install, sites.nodes, problems);
  if (!install.kubernetes) return;
  checkControlPlane(sites, problems);
  checkEntrance(install, sites, problems);
  checkMetaServer(install, problems);
  checkRelease(install, problems);
  checkPlacement(raw, 'flannel', install.flannel?.on, sites, problems);
  if (raw.install?.['kube-proxy']) checkPlacement(raw, 'kube-proxy', install.kubeProxy?.on, sites, problems);
};

const install = (component: string): Path => ['install', component];

const checkNeeds = (raw: LooseTopology, resolved: Install, problems: Problems): void => {
  if (resolved.kubernetes) return;
  const own = resolved.flannel?.etcd !== undefined;
  const needy = [
    ...(own ? [] : ['flannel']),
    'calico',
    'weave',
    'edge-cni',
    'kube-proxy',
    'kubeedge',
    'metrics-server',
    'edgemesh',
    'fabedge',
  ].filter((component) => Object.hasOwn(raw.install ?? {}, component));
  for (const component of needy) {
    const hint = `add "kubernetes: ${versions.kubernetes[0]}" under install`;
    problems.errorAtKey('TOPO033', install(component), `${component} needs Kubernetes, which is not installed`, hint);
  }
};

/** Nodes whose role asks for something that is not installed: one problem per role, at its first node. */
const checkRoles = (resolved: Install, nodes: PlacedNode[], problems: Problems): void => {
  const withRole = (...roles: NodeRole[]) => nodes.filter(({ role }) => role !== undefined && roles.includes(role));
  const edges = withRole('edge');
  if (!resolved.kubeedge && edges[0]) {
    const hint = `add "kubeedge: ${versions.kubeedge[0]}" under install, or use "role: host"`;
    problems.error('TOPO030', [...edges[0].path, 'role'], `${name(edges)} role edge, but KubeEdge is not installed`, hint);
  }
  const cloud = withRole('control-plane', 'worker');
  if (!resolved.kubernetes && cloud[0]) {
    const hint = `add "kubernetes: ${versions.kubernetes[0]}" under install, or use "role: host"`;
    problems.error('TOPO036', [...cloud[0].path, 'role'], `${name(cloud)} a role in the cluster, but Kubernetes is not installed`, hint);
  }
};

/** `"a" has` or `"a", "b" and "c" have`. */
const name = (nodes: PlacedNode[]): string => `${listWords(nodes.map((node) => quote(node.name)))} ${nodes.length === 1 ? 'has' : 'have'}`;

const checkControlPlane = ({ nodes, complete }: ResolvedSites, problems: Problems): void => {
  const [first, second] = nodes.filter(({ role }) => role === 'control-plane');
  if (!first) {
    if (!complete || nodes.length === 0) return;
    const hint = 'give one node "role: control-plane"';
    problems.errorAtKey('TOPO031', install('kubernetes'), 'Kubernetes is installed but no node is its control plane', hint);
    return;
  }
  if (second) {
    const message = `${quote(second.name)} is a second control plane; the first is ${quote(first.name)} (${problems.line(first.path)})`;
    problems.error('TOPO032', [...second.path, 'role'], message, 'a lab has one control plane; use "role: worker"');
  }
};

/** Whoever reads Services or nodes on an edge asks the metaServer: the API server is not to be had there by a token of the cluster. */
const checkMetaServer = ({ kubeedge, edgemesh, fabedge, flannel }: Install, problems: Problems): void => {
  if (kubeedge?.metaServer !== false) return;
  const needy = [edgemesh && 'EdgeMesh', fabedge && 'FabEdge', flannel?.on.includes('edge') && 'flannel'].filter(
    (one) => typeof one === 'string',
  );
  if (needy.length === 0) return;
  const message = `${listWords(needy)} on the edges ${needy.length === 1 ? 'asks' : 'ask'} the metaServer, which is off`;
  problems.error('TOPO110', [...install('kubeedge'), 'meta-server'], message, 'write "meta-server: true", or leave it out');
};

/** A service of its host has no NodePorts. */
const checkRelease = ({ kubeedge }: Install, problems: Problems): void => {
  if (!kubeedge || kubeedge.install === 'keadm' || kubeedge.expose === 'host') return;
  const message = `by ${quote(kubeedge.install)} cloudcore is a service of its host, and no Service stands before it`;
  problems.error('TOPO106', [...install('kubeedge'), 'expose'], message, 'leave "expose" out, or install by keadm');
};

const checkPlacement = (
  raw: LooseTopology,
  component: 'flannel' | 'kube-proxy',
  on: readonly string[] | undefined,
  { nodes, complete }: ResolvedSites,
  problems: Problems,
): void => {
  const written = raw.install?.[component];
  if (on === undefined || typeof written !== 'object' || written.on === undefined) return;
  const path = [...install(component), 'on'];
  const broken = Array.isArray(written.on) && written.on.includes(undefined);
  if (!on.includes('cloud') && !broken) {
    const why = component === 'flannel' ? 'cloud nodes have no pod network' : 'cloud pods reach no Service';
    problems.error('TOPO039', path, `without ${component} on cloud, ${why}`, 'on: [cloud], or on: [cloud, edge]');
  }
  if (on.includes('edge') && complete && !nodes.some(({ role }) => role === 'edge')) {
    problems.warning(
      'TOPO038',
      path,
      `${component} is placed on edge nodes, and the lab has none`,
      'give a node "role: edge", or write on: [cloud]',
    );
  }
};
