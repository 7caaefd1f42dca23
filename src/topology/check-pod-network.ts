/** The pod network of the cloud: that there is one, that its nodes are on one wire where it needs that, and who can live with it. */
import { listWords } from '../lib/names.ts';
import { podNetworks, podNetworksOf } from '../lib/pod-network.ts';
import { isContainerHost } from '../lib/containers.ts';
import type { Install, Placement } from '../model/install.ts';
import { type Problems, quote } from './problems.ts';
import type { PlacedNode, ResolvedSites } from './resolve-sites.ts';

/** Reports TOPO040, TOPO101, TOPO107 and TOPO108. */
export const checkPodNetwork = (install: Install, sites: ResolvedSites, problems: Problems): void => {
  const [first, second] = podNetworksOf(install);
  if (!first && install.kubernetes) {
    const hint = `add "flannel: { on: [cloud] }" under install; also: ${listWords(podNetworks.slice(1))}`;
    problems.errorAtKey('TOPO040', ['install', 'kubernetes'], 'Kubernetes without a pod network never becomes ready', hint);
  }
  if (second) {
    const message = `${first ?? ''} and ${second} are both pod networks of the cloud nodes`;
    problems.errorAtKey('TOPO107', ['install', second], message, 'remove one of them');
  }
  checkWire(install, sites, problems);
  checkOwnRange(install, problems);
};

const groups: Record<Placement, readonly string[]> = { cloud: ['control-plane', 'worker'], edge: ['edge'] };

/** Routes that name the other node itself as the next hop: the kernel takes it only for a neighbour. */
const checkWire = ({ flannel, calico }: Install, { nodes, sites }: ResolvedSites, problems: Problems): void => {
  const plain =
    flannel?.backend === 'host-gw'
      ? { what: 'host-gw', path: ['install', 'flannel', 'backend'], on: flannel.on, way: 'vxlan' }
      : calico?.encapsulation === 'none'
        ? { what: 'Calico without encapsulation', path: ['install', 'calico'], on: ['cloud' as const], way: '"encapsulation: vxlan"' }
        : undefined;
  if (!plain) return;
  const roles = plain.on.flatMap((placement) => groups[placement]);
  const served = nodes.filter((node) => (flannel?.etcd ? isContainerHost(node) : node.role !== undefined && roles.includes(node.role)));
  const isLan = (site: string): boolean => sites.some(({ name, lan }) => name === site && lan !== undefined);
  const wireOf = ({ site }: PlacedNode): string => (isLan(site) ? site : 'the internet');
  const [first] = served;
  const apart = first && served.find((node) => wireOf(node) !== wireOf(first));
  if (!first || !apart) return;
  const message = `${plain.what} needs all nodes on one wire, and ${quote(first.name)} and ${quote(apart.name)} have a router between them`;
  const hint = `the next hop of its routes is the other node itself; use ${plain.way}, or put the nodes into one site`;
  problems.errorAtKey('TOPO101', plain.path, message, hint);
};

/** FabEdge and EdgeMesh's edgeCNI know a node's pods by its podCIDR. */
const checkOwnRange = ({ calico, weave, fabedge, edgemesh }: Install, problems: Problems): void => {
  const network = calico ? 'Calico' : weave ? 'Weave' : undefined;
  if (network === undefined) return;
  const message = (who: string): string => `${who} knows pods by the podCIDR of their node, which ${network} does not use`;
  const hint = `write "flannel: { on: [cloud] }" instead of ${network.toLowerCase()}`;
  if (fabedge) problems.errorAtKey('TOPO108', ['install', 'fabedge'], message('FabEdge, as edgelab installs it,'), hint);
  if (edgemesh?.cni === true) problems.errorAtKey('TOPO108', ['install', 'edgemesh', 'cni'], message('edgeCNI'), hint);
};
