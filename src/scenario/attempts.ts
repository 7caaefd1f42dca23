/** From what a scenario expects to what is run: a probe with its addresses, or the reason why there is none. */
import type { FlowKey } from '../evidence/evidence.ts';
import type { Ipv4 } from '../model/address.ts';
import type { ReachOutcome } from '../model/check.ts';
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
import { bindSource, bindTarget, type ClusterFacts, type End, type Start } from './bind.ts';
import type { Source, Target } from './targets.ts';

/** HTTP to the echo server, a datagram to it, or a ping. */
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
} & Pick<End, 'answerer' | 'far'>;

/** Numbers that tell the probes of one round apart: source ports and ping lengths. */
type Tokens = { port(): number; payload(): number };

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

/** What a wish is bound with. */
type Facts = ClusterFacts & { tokens: Tokens };

/** A text is the reason why the attempt cannot be made. */
export const makeAttempt = (wish: Wish, facts: Facts): Attempt | string => {
  const start = bindSource(wish.from, facts);
  if (typeof start === 'string') return start;
  const end = bindTarget(wish.to, facts, facts.resolvers?.get(start.node));
  if (typeof end === 'string') return end;
  return makers[wish.protocol](wish, start, end, facts.tokens);
};

/** A probe between two ends, or why there can be none. */
type Make = (wish: Wish, start: Start, end: End, tokens: Tokens) => Attempt | string;

const makeUdp: Make = ({ timeoutSeconds }, start, { host, port, family: _, ...farEnd }, tokens) => {
  if (port === undefined) return `${host} has no port to send to`;
  const [localPort, payload] = [tokens.port(), tokens.payload()];
  return {
    ...start,
    ...farEnd,
    argv: udpArgv({ host, port, localPort, payload, timeoutSeconds }),
    localPorts: [localPort],
    ...(farEnd.resolver === undefined ? { host } : {}),
    shown: `udp ${host}:${port}, ${payload} bytes`,
    port,
    transport: 'udp',
    read: readUdp(localPort),
    key: (observation) =>
      observation.lookupFailed === true ? { kind: 'dns', name: host.replace(/\.$/, '') } : { kind: 'udp', length: payload },
  };
};

const makeHttp: Make = ({ timeoutSeconds }, start, { host, port, family: _, ...farEnd }, tokens) => {
  if (port === undefined) return `${host} has no port to connect to`;
  const localPort = tokens.port();
  return {
    ...start,
    ...farEnd,
    argv: httpArgv({ host, port, localPort, timeoutSeconds }),
    localPorts: Array.from({ length: portChoices }, (_, place) => localPort + place),
    ...(farEnd.resolver === undefined ? { host } : {}),
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
