/** What is installed: short forms expanded, versions and placements filled in. */
import type { Path } from '../lib/document.ts';
import { suggest } from '../lib/names.ts';
import { type Versioned, versions } from '../lib/versions.ts';
import type { Install, Placement } from '../model/install.ts';
import { type Problems, quote } from './problems.ts';
import { isBroken, type LooseTopology } from './shape.ts';
import { findMisfit, whatVersionsNeed } from './versions.ts';

/** As in flannel's own manifest (`Network`). */
const defaultPodSubnet = '10.244.0.0/16';
/** As kubeadm's (`serviceSubnet`). */
const defaultServiceSubnet = '10.96.0.0/12';

/** EdgeMesh's own 60 s make the first answer across LANs wait a minute. */
const labFinderPeriod = 5;

/** In this order everywhere. */
const placements: readonly Placement[] = ['cloud', 'edge'];

/** A component whose value is broken counts as wanted, so that nothing is said about its absence. */
export const resolveInstall = (raw: LooseTopology, problems: Problems): Install => {
  const everything = {
    ...{ kubernetes: undefined, flannel: undefined, kubeedge: undefined, edgemesh: undefined, fabedge: undefined },
    'metrics-server': undefined,
  };
  const install = isBroken(raw, 'install') ? everything : (raw.install ?? {});
  const wants = (component: keyof typeof install | 'kube-proxy') => Object.hasOwn(install, component);
  const resolved: Install = {};
  if (wants('kubernetes')) {
    const long = asMapping(install.kubernetes);
    const version = readVersion('kubernetes', install.kubernetes, problems);
    const [podSubnet, serviceSubnet] = [long['pod-subnet'] ?? defaultPodSubnet, long['service-subnet'] ?? defaultServiceSubnet];
    resolved.kubernetes = { version, podSubnet, serviceSubnet };
  }
  if (wants('flannel')) {
    const { on, backend = 'vxlan', store, network = defaultPodSubnet } = asMapping(install.flannel);
    const own = store === 'etcd' && !wants('kubernetes');
    const version = readVersion('flannel', install.flannel, problems);
    resolved.flannel = { version, backend, on: own ? [] : readPlacements(on, ['cloud']), ...(own && { etcd: { node: '', network } }) };
  }
  if ('calico' in install) {
    const { encapsulation = 'none' } = asMapping(install.calico);
    resolved.calico = { version: readVersion('calico', install.calico, problems), encapsulation };
  }
  if ('weave' in install) resolved.weave = { version: readVersion('weave', install.weave, problems) };
  if (wants('kubernetes') || wants('kube-proxy')) {
    const proxy = 'kube-proxy' in install ? install['kube-proxy'] : undefined;
    resolved.kubeProxy = { on: readPlacements(proxy?.on, resolved.flannel?.on ?? ['cloud']) };
  }
  if ('edge-cni' in install && install['edge-cni'] !== undefined) resolved.edgeCni = { type: install['edge-cni'] };
  if (wants('kubeedge')) {
    const { install: way = 'keadm', expose = 'host', 'meta-server': metaServer = true } = asMapping(install.kubeedge);
    resolved.kubeedge = { version: readVersion('kubeedge', install.kubeedge, problems), install: way, expose, metaServer };
  }
  if (wants('metrics-server')) resolved.metricsServer = { version: readVersion('metrics-server', install['metrics-server'], problems) };
  if ('registry' in install && install.registry !== undefined) resolved.registry = { node: install.registry.on ?? '' };
  if (wants('edgemesh')) {
    const { relays = [], psk = true, socks5 = false, cni = false, gateway, ...rest } = asMapping(install.edgemesh);
    const finderPeriod = rest['finder-period'] ?? labFinderPeriod;
    const version = readVersion('edgemesh', install.edgemesh, problems);
    resolved.edgemesh = {
      ...{ version, relays: relays.filter((relay) => relay !== undefined), psk, socks5, finderPeriod, cni },
      ...(gateway === undefined ? {} : { gateway }),
    };
  }
  if (wants('fabedge')) {
    const { connector = '', mediator = false, communities = {} } = asMapping(install.fabedge);
    resolved.fabedge = {
      ...{ version: readVersion('fabedge', install.fabedge, problems), connector, mediator },
      entrance: { address: '', port: 0 },
      communities: Object.fromEntries(
        Object.entries(communities).map(([name, members]) => [name, (members ?? []).filter((member) => member !== undefined)]),
      ),
    };
  }
  checkFit(resolved, install.kubeedge, problems);
  return resolved;
};

/** Where the version of a component is written: at its own key in the short form, one deeper in the long one. */
const versionPath = (component: Versioned, value: unknown): Path =>
  typeof value === 'object' ? ['install', component, 'version'] : ['install', component];

const readVersion = (component: Versioned, value: unknown, problems: Problems): string => {
  const known: readonly [string, ...string[]] = versions[component];
  const given = typeof value === 'object' && value !== null ? (value as { version?: unknown }).version : value;
  if (given === undefined) return known[0];
  const path = versionPath(component, value);
  // Not the parsed value: YAML reads 1.30 as the number 1.3.
  const version = problems.written(path) ?? '';
  if (!known.includes(version)) {
    const hint = `${suggest(version, known)}versions: ${known.join(', ')}; another needs ${whatVersionsNeed[component]}`;
    problems.error('TOPO034', path, `edgelab has no version ${quote(version)} of ${component}`, hint);
  }
  return version;
};

const checkFit = ({ kubernetes, kubeedge }: Install, value: unknown, problems: Problems): void => {
  const supported = kubernetes && kubeedge && findMisfit(kubeedge.version, kubernetes.version);
  if (supported === undefined) return;
  const message = `KubeEdge ${kubeedge?.version ?? ''} does not support Kubernetes ${kubernetes?.version ?? ''}`;
  problems.error('TOPO035', versionPath('kubeedge', value), message, `it supports Kubernetes ${supported}`);
};

const readPlacements = (on: Placement | (Placement | undefined)[] | undefined, otherwise: Placement[]): Placement[] => {
  if (on === undefined) return otherwise;
  return placements.filter((placement) => on === placement || (Array.isArray(on) && on.includes(placement)));
};

/** The long form of a component; empty for the short one. */
const asMapping = <T extends object>(value: T | string | number | undefined): Partial<T> => (typeof value === 'object' ? value : {});
