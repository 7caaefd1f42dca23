/** EdgeMesh: who relays by default, and what it cannot work with. */
import { listWords, suggest } from '../lib/names.ts';
import { relayPort } from '../lib/ports.ts';
import { versions } from '../lib/versions.ts';
import type { Install } from '../model/install.ts';
import { findWayIn } from '../nat/nat.ts';
import { type Problems, quote } from './problems.ts';
import type { PlacedNode, ResolvedSites } from './resolve-sites.ts';
import type { LooseTopology } from './shape.ts';

/** Without a word on relays the control plane relays: every edge reaches it already. */
export const placeRelays = (install: Install, { nodes }: ResolvedSites): Install => {
  const { edgemesh } = install;
  if (!edgemesh || edgemesh.relays.length > 0) return install;
  const relays = nodes.filter(({ role }) => role === 'control-plane').map(({ name }) => name);
  return { ...install, edgemesh: { ...edgemesh, relays } };
};

/** Reports TOPO050 to TOPO056; relays must have been placed. */
export const checkEdgemesh = (raw: LooseTopology, install: Install, sites: ResolvedSites, problems: Problems): void => {
  const { edgemesh } = install;
  if (!edgemesh) return;
  if (!install.kubeedge) {
    const hint = `add "kubeedge: ${versions.kubeedge[0]}" under install`;
    problems.errorAtKey('TOPO050', ['install', 'edgemesh'], 'edgemesh needs KubeEdge, which is not installed', hint);
  }
  checkRivals(raw, install, problems);
  checkGateway(edgemesh, sites, problems);
  if (edgemesh.cni && hasNoCni(edgemesh.version)) {
    const message = `EdgeMesh ${edgemesh.version} has no edgeCNI`;
    problems.error('TOPO056', ['install', 'edgemesh', 'cni'], message, `it came with 1.15.0; ${versions.edgemesh[0]} has it`);
  }
  checkRelays(raw, edgemesh.relays, sites, problems);
  if (edgemesh.version === '1.17.0') {
    const path = typeof raw.install?.edgemesh === 'object' ? ['install', 'edgemesh', 'version'] : ['install', 'edgemesh'];
    const message = 'EdgeMesh 1.17.0 cannot relay between edges (known problem: it never reserves a place at a relay)';
    problems.warning('TOPO053', path, message, `flows across LANs will fail; ${versions.edgemesh[0]} relays`);
  }
};

/** What claims the same addresses on the edges. */
const checkRivals = (raw: LooseTopology, { flannel, kubeProxy }: Install, problems: Problems): void => {
  const written = raw.install?.['kube-proxy']?.on !== undefined;
  if (kubeProxy?.on.includes('edge')) {
    const message = 'kube-proxy and EdgeMesh both take the ClusterIPs on the edges, and the one that came later wins';
    if (written) problems.error('TOPO051', ['install', 'kube-proxy', 'on'], message, 'write "kube-proxy: { on: [cloud] }"');
    else problems.error('TOPO051', ['install', 'flannel', 'on'], `${message}; kube-proxy goes where flannel goes`, 'write "on: [cloud]"');
  } else if (flannel?.on.includes('edge')) {
    const message = 'flannel on the edges carries podIPs inside a LAN, beside EdgeMesh';
    problems.warning('TOPO052', ['install', 'flannel', 'on'], message, 'write "on: [cloud]" to see EdgeMesh alone');
  }
};

const hasNoCni = (version: string): boolean => /^1\.1[0-4]\./.test(version);

/** The gateway is a pod in the network of its node. */
const checkGateway = ({ gateway }: NonNullable<Install['edgemesh']>, { nodes, complete }: ResolvedSites, problems: Problems): void => {
  const node = nodes.find(({ name }) => name === gateway);
  if (gateway === undefined || (!node && !complete) || (node && node.role !== 'host')) return;
  const why = node ? 'is a host and runs no pods' : 'is no node';
  const known = nodes.filter(({ role }) => role !== 'host').map(({ name }) => name);
  const hint = `${suggest(gateway, known)}nodes of the cluster: ${listWords(known) || 'none'}`;
  problems.error('TOPO055', ['install', 'edgemesh', 'gateway'], `gateway ${quote(gateway)} ${why}`, hint);
};

/** A relay must be where every agent reaches it without help: on the internet, or behind routers that forward its port. */
const checkRelays = (
  raw: LooseTopology,
  relays: readonly string[],
  { nodes, complete, sites }: ResolvedSites,
  problems: Problems,
): void => {
  const written = typeof raw.install?.edgemesh === 'object' ? raw.install.edgemesh.relays : undefined;
  const reached = (node: PlacedNode): boolean => {
    const address = sites.find(({ name }) => name === node.site)?.nodes.find(({ name }) => name === node.name)?.address ?? '';
    const way = findWayIn({ sites }, { site: node.site, address, port: relayPort, protocol: 'tcp' });
    return 'open' in way && way.open.port === relayPort;
  };
  for (const [index, relay] of (written ?? relays).entries()) {
    if (relay === undefined) continue;
    const node = nodes.find(({ name }) => name === relay);
    if (node && node.role !== 'host' && reached(node)) continue;
    if (!node && !complete) continue;
    const publicNames = nodes.filter(({ behindNat, role }) => !behindNat && role !== 'host').map(({ name }) => name);
    const why = !node ? 'is no node' : node.role === 'host' ? 'is a host and runs no agent' : 'is behind a NAT';
    const forward = node?.behindNat === true ? `; or forward its port: "tcp ${relayPort} -> ${relay}"` : '';
    const hint = `${suggest(relay, publicNames)}nodes on the internet: ${listWords(publicNames) || 'none'}${forward}`;
    if (written) problems.error('TOPO054', ['install', 'edgemesh', 'relays', index], `relay ${quote(relay)} ${why}`, hint);
    else problems.errorAtKey('TOPO054', ['install', 'edgemesh'], `relay ${quote(relay)} ${why}`, hint);
  }
};
