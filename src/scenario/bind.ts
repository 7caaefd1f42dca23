/** From the ends that a scenario names to addresses, as the cluster has them at this moment. */
import type { TunnelFlow } from '../evidence/evidence.ts';
import type { Ipv4 } from '../model/address.ts';
import type { Workload } from '../model/lab.ts';
import { findPod, findService, type Cluster, type Pod } from './cluster.ts';
import type { Source, Target } from './targets.ts';

/** What `bindSource` and `bindTarget` look in: the cluster as it was listed for this round, and the workloads of the topology. */
export type ClusterFacts = {
  /** Absent in a lab without Kubernetes. */
  cluster: Cluster | undefined;
  workloads: readonly Workload[];
  /** Node → the name server of its pods, where it is not the cluster's. */
  resolvers?: ReadonlyMap<string, Ipv4>;
};

/** Container a probe starts in, and the pod whose network it takes. */
export type Start = { node: string; pod?: Ipv4 };

type Far = Omit<TunnelFlow, 'from'>;

/** Where it goes to. */
export type End = {
  host: string;
  /** The host is a name, and this is what is wanted of it. */
  family?: 'IPv4' | 'IPv6';
  port?: number;
  /** Name server that knows the host. */
  resolver?: Ipv4;
  /** Who must answer: what the server in the pod calls itself (HTTP, UDP), or the owner of the node's address (ping). */
  answerer?: { pod?: string; node?: string };
  /** The far end as a tunnel may know it; absent where no node was named. */
  far?: Far;
};

/** What a server in this pod calls itself: in the network of its node it has the node's name. */
const hostnameOf = ({ hostNetwork, name, node }: Pod): string => (hostNetwork ? node : name);

/** A text is the reason why there is no such place now. */
export const bindSource = (source: Source, { cluster }: ClusterFacts): Start | string => {
  if (source.kind === 'node') return { node: source.name };
  const pod = cluster && findPod(cluster, source.workload, source.on);
  if (!pod?.ip) return `no pod of ${source.workload} has an address on ${source.on}`;
  return pod.hostNetwork ? { node: source.on } : { node: source.on, pod: pod.ip };
};

/** Likewise; `ownResolver` is the name server of who asks, where it is not the cluster's. */
export const bindTarget = (target: Target, { cluster, workloads }: ClusterFacts, ownResolver?: Ipv4): End | string => {
  if (target.kind === 'node') return { host: target.address, answerer: { node: target.name }, far: { to: target.name, asked: 'address' } };
  if (target.kind === 'address') {
    const { node, ipv6 = false, byName = false } = target;
    const address = ipv6 ? node.address6 : node.address;
    if (address === undefined) return `${node.name} has no IPv6 address`;
    const ends = { answerer: { node: node.name }, far: { to: node.name, asked: 'address' } } as const;
    return byName ? { host: `${node.name}.${node.site}`, family: ipv6 ? 'IPv6' : 'IPv4', ...ends } : { host: address, ...ends };
  }
  if (!cluster) return 'the lab has no Kubernetes';
  if (target.kind === 'pod') {
    const pod = findPod(cluster, target.workload, target.on);
    const port = pod?.port ?? workloads.find(({ name }) => name === target.workload)?.port;
    if (!pod?.ip) return `no pod of ${target.workload} has an address on ${target.on}`;
    return {
      host: pod.ip,
      answerer: { pod: hostnameOf(pod) },
      far: farOf('pod', target.on, pod.ip, port),
      ...(port === undefined ? {} : { port }),
    };
  }
  const { namespace, service: name, on, workload } = target.kind === 'name' ? target.of : target;
  const service = findService(cluster, namespace, name);
  if (!service) return `there is no Service ${name} in namespace ${namespace}`;
  const pod = on === undefined || workload === undefined ? undefined : findPod(cluster, workload, on);
  const answerer = pod && on !== undefined ? { answerer: { pod: hostnameOf(pod) }, far: farOf('service', on, pod.ip, pod.port) } : {};
  if (target.kind === 'service') return { host: service.clusterIP, port: service.port, ...answerer };
  const resolver = ownResolver ?? findService(cluster, 'kube-system', 'kube-dns')?.clusterIP;
  if (resolver === undefined) return 'the cluster has no DNS Service';
  return { host: `${name}.${namespace}.svc.cluster.local.`, port: service.port, resolver, ...answerer };
};

const farOf = (asked: TunnelFlow['asked'], to: string, ip: Ipv4 | undefined, port: number | undefined): Far => ({
  ...{ to, asked },
  ...(ip === undefined || port === undefined ? {} : { target: `${ip}:${String(port)}` }),
});
