/** From what a scenario expects to what is run: a probe with its addresses, or the reason why there is none. */
import type { FlowKey, TunnelFlow } from '../evidence/evidence.ts';
import type { ReachOutcome } from '../model/check.ts';
import type { Ipv4 } from '../model/address.ts';
import type { Workload } from '../model/lab.ts';
import {
  httpArgv,
  icmpHeader,
  pingArgv,
  portChoices,
  readHttp,
  readPing,
  readUdp,
  udpArgv,
  type Observation,
  type ProbeResult,
  type Translation,
} from '../probes/probes.ts';
import { findPod, findService, type Cluster, type Pod } from './cluster.ts';
import type { Source, Target } from './targets.ts';

export type Protocol = 'http' | 'udp' | 'icmp';

/** What a probe is made from. */
export type Wish = { from: Source; to: Target; protocol: Protocol; outcome: ReachOutcome; timeoutSeconds: number };

/** A probe ready to run. */
export type Attempt = {
  /** Container it starts in, the pod's network namespace in it, and the name server it asks. */
  node: string;
  pod?: Ipv4;
  resolver?: Ipv4;
  argv: string[];
  /** Source ports it may use (HTTP, UDP). */
  localPorts?: readonly number[];
  /** Address it connects to; absent where it is a name. */
  host?: string;
  /** What the evidence shows instead of the command. */
  shown?: string;
  /** Port it connects to, for the capture's filter. */
  port?: number;
  transport?: 'tcp' | 'udp';
  read(result: ProbeResult): Observation;
  /** How captures recognise it, given how it ended and what its node did to it. */
  key(observation: Observation, translations: ReadonlyMap<number, Translation>): FlowKey;
  /** Who must answer: what the server in the pod calls itself (HTTP, UDP), or the owner of the node's address (ping). */
  answerer?: { pod?: string; node?: string };
  /** The far end as a tunnel may know it; absent where no node was named. */
  far?: Far;
};

type Far = Omit<TunnelFlow, 'from'>;

/** Numbers that tell the probes of one round apart: source ports and ping lengths. */
export type Tokens = { port(): number; payload(): number };

/** Source ports 15000-29999: below the ephemeral range, NodePorts and what Kubernetes and KubeEdge listen on. */
export const makeTokens = (now: number): Tokens => {
  const [lowest, highest, smallest] = [15_000, 29_999, 60];
  // another block of ports each second, so that a port is not asked for again while TIME_WAIT (60 s) holds it
  let port = lowest + (Math.floor(now / 1000) % 60) * 250;
  let payload = smallest;
  return {
    port: () => {
      const taken = port;
      port = port + 2 * portChoices > highest ? lowest : port + portChoices;
      return taken;
    },
    payload: () => payload++,
  };
};

export type Facts = {
  cluster: Cluster | undefined;
  workloads: readonly Workload[];
  tokens: Tokens;
  /** Node → the name server of its pods, where it is not the cluster's. */
  resolvers?: ReadonlyMap<string, Ipv4>;
};

/** A text is the reason why the attempt cannot be made. */
export const makeAttempt = (wish: Wish, facts: Facts): Attempt | string => {
  const start = bindSource(wish.from, facts);
  if (typeof start === 'string') return start;
  const end = bindTarget(wish.to, facts, facts.resolvers?.get(start.node));
  if (typeof end === 'string') return end;
  return makers[wish.protocol](wish, start, end, facts.tokens);
};

type Start = { node: string; pod?: Ipv4 };
/** `family`: the host is a name, and this is what is wanted of it. */
type End = { host: string; family?: 'IPv4' | 'IPv6'; port?: number; resolver?: Ipv4 } & Pick<Attempt, 'answerer' | 'far'>;

/** What a server in this pod calls itself: in the network of its node it has the node's name. */
const hostnameOf = ({ hostNetwork, name, node }: Pod): string => (hostNetwork ? node : name);

const bindSource = (source: Source, { cluster }: Facts): Start | string => {
  if (source.kind === 'node') return { node: source.name };
  const pod = cluster && findPod(cluster, source.workload, source.on);
  if (!pod?.ip) return `no pod of ${source.workload} has an address on ${source.on}`;
  return pod.hostNetwork ? { node: source.on } : { node: source.on, pod: pod.ip };
};

const bindTarget = (target: Target, { cluster, workloads }: Facts, ownResolver?: Ipv4): End | string => {
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

const makeUdp: Make = ({ timeoutSeconds }, start, { host, port, resolver, answerer, far }, tokens) => {
  if (port === undefined) return `${host} has no port to send to`;
  const [localPort, payload] = [tokens.port(), tokens.payload()];
  return {
    ...start,
    ...(resolver === undefined ? {} : { resolver }),
    ...(answerer === undefined ? {} : { answerer }),
    ...(far === undefined ? {} : { far }),
    argv: udpArgv({ host, port, localPort, payload, timeoutSeconds }),
    localPorts: [localPort],
    ...(resolver === undefined ? { host } : {}),
    shown: `udp ${host}:${port}, ${payload} bytes`,
    port,
    transport: 'udp',
    read: readUdp(localPort),
    key: (observation) =>
      observation.lookupFailed === true ? { kind: 'dns', name: host.replace(/\.$/, '') } : { kind: 'udp', length: payload },
  };
};

type Make = (wish: Wish, start: Start, end: End, tokens: Tokens) => Attempt | string;

const makeHttp: Make = ({ timeoutSeconds }, start, { host, port, resolver, answerer, far }, tokens) => {
  if (port === undefined) return `${host} has no port to connect to`;
  const localPort = tokens.port();
  return {
    ...start,
    ...(resolver === undefined ? {} : { resolver }),
    ...(answerer === undefined ? {} : { answerer }),
    ...(far === undefined ? {} : { far }),
    argv: httpArgv({ host, port, localPort, timeoutSeconds }),
    localPorts: Array.from({ length: portChoices }, (_, place) => localPort + place),
    ...(resolver === undefined ? { host } : {}),
    port,
    transport: 'tcp',
    read: readHttp,
    key: (observation, translations) => {
      if (observation.lookupFailed === true) return { kind: 'dns', name: host.replace(/\.$/, '') };
      const used = observation.localPort ?? localPort;
      const translated = translations.get(used)?.port;
      return { kind: 'tcp', ports: translated === undefined ? [used] : [used, translated] };
    },
  };
};

const makePing: Make = ({ timeoutSeconds }, start, { host, family, answerer, far }, tokens) => {
  const payload = tokens.payload();
  return {
    ...start,
    ...(answerer?.node === undefined ? {} : { answerer: { node: answerer.node } }),
    ...(far === undefined ? {} : { far }),
    ...(family === undefined ? { host } : {}),
    argv: pingArgv({ address: host, payload, timeoutSeconds, ...(family && { family }) }),
    read: readPing,
    key: ({ lookupFailed }) => (lookupFailed === true ? { kind: 'dns', name: host } : { kind: 'icmp', length: payload + icmpHeader }),
  };
};

const makers: Record<Protocol, Make> = { http: makeHttp, udp: makeUdp, icmp: makePing };
