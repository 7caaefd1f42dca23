/** flannel's store, and what else may wire containers: where etcd is by default, and what cannot work. */
import { isContainerHost } from '../lib/containers.ts';
import type { Path } from '../lib/document.ts';
import { listWords } from '../lib/names.ts';
import type { Install } from '../model/install.ts';
import { type Problems, quote } from './problems.ts';
import type { PlacedNode, ResolvedSites } from './resolve-sites.ts';
import type { LooseTopology } from './shape.ts';

/** etcd is where all can reach it: on the first container host of the internet, else on the first there is. */
export const placeEtcd = (install: Install, { nodes }: ResolvedSites): Install => {
  const { flannel } = install;
  if (!flannel?.etcd) return install;
  const hosts = nodes.filter(isContainerHost);
  const node = (hosts.find(({ behindNat }) => !behindNat) ?? hosts[0])?.name ?? '';
  return { ...install, flannel: { ...flannel, etcd: { ...flannel.etcd, node } } };
};

/** Reports TOPO100 and TOPO102 to TOPO104; the etcd must have been placed. Runtimes of nodes are looked at without flannel too. */
export const checkFlannel = (raw: LooseTopology, install: Install, sites: ResolvedSites, problems: Problems): void => {
  checkRuntimes(sites.nodes, problems);
  checkEdgeCni(install, problems);
  if (!install.flannel) return;
  checkStore(raw, install, sites, problems);
};

const checkRuntimes = (nodes: readonly PlacedNode[], problems: Problems): void => {
  for (const { name, role, runtime, path } of nodes) {
    if (runtime === undefined || role === undefined || role === 'host') continue;
    const message = `${quote(name)} has the role ${role}, which brings its own container runtime`;
    problems.errorAtKey('TOPO103', [...path, 'runtime'], message, 'remove "runtime", or use "role: host"');
  }
};

const checkEdgeCni = ({ edgeCni, flannel, fabedge }: Install, problems: Problems): void => {
  const rival = flannel?.on.includes('edge') ? 'flannel' : fabedge ? 'FabEdge' : undefined;
  if (edgeCni === undefined || rival === undefined) return;
  const message = `edge-cni and ${rival} on the edges exclude each other: both write the CNI configuration there`;
  problems.errorAtKey('TOPO104', ['install', 'edge-cni'], message, rival === 'flannel' ? 'write "on: [cloud]" for flannel' : 'remove it');
};

const checkStore = (raw: LooseTopology, { kubernetes, flannel }: Install, { nodes, complete }: ResolvedSites, problems: Problems): void => {
  const written = typeof raw.install?.flannel === 'object' ? raw.install.flannel : {};
  const at = (key: string): Path => ['install', 'flannel', key];
  const refuse = (key: string, message: string, hint: string): void => problems.errorAtKey('TOPO100', at(key), message, hint);
  if (kubernetes) {
    if (written.store === 'etcd') {
      refuse('store', 'flannel has one store, and this lab has Kubernetes', 'remove "store", or Kubernetes and its nodes');
    } else if (written.network !== undefined) {
      const hint = 'write "kubernetes: { pod-subnet: … }" instead';
      refuse('network', 'with Kubernetes as its store flannel serves the pod subnet', hint);
    }
  }
  if (!flannel?.etcd) return;
  if (written.on !== undefined) refuse('on', 'with etcd as its store flannel runs on every host that has a runtime', 'remove "on"');
  const hosts = nodes.filter(isContainerHost);
  if (hosts.length === 0 && complete) {
    refuse('store', 'no host of the lab runs containers', 'give hosts a runtime, e.g. { role: host, runtime: containerd }');
  }
  const keeper = hosts.find(({ name }) => name === flannel.etcd?.node);
  const outsiders = hosts.filter(({ site }) => site !== keeper?.site);
  if (!keeper?.behindNat || outsiders.length === 0) return;
  const message = `etcd on ${quote(keeper.name)} is behind a NAT, so ${listWords(outsiders.map(({ name }) => quote(name)))} cannot reach it`;
  problems.errorAtKey(
    'TOPO102',
    at('store'),
    message,
    'put one host with a runtime into a site without "nat" and "subnet": etcd goes there',
  );
};
