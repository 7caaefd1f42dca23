/** One attempt followed through all captures: its requests, its replies and the ICMP errors about either. */
import type { Layer, Packet } from './packet.ts';
import { innermost, sourceOf, targetOf } from './packet.ts';

/** How an attempt is recognised where it starts: TCP by its source port (before or after the node translated it), ICMP and UDP by their length, DNS by the name asked for. */
export type FlowKey =
  | { kind: 'tcp'; ports: readonly number[] }
  /** Length of the whole ICMP message in bytes, unique among the attempts of one capture. */
  | { kind: 'icmp'; length: number }
  /** Payload length in bytes, unique among the attempts of one capture; replies are what comes back to where it came from. */
  | { kind: 'udp'; length: number }
  | { kind: 'dns'; name: string };

/** Where an attempt was seen. `requests` and `replies` are openings only (SYN, SYN-ACK or RST; echo; datagrams; query and answer). */
export type Flow = {
  /** First sighting at each place (container, interface, direction), in the order of time. */
  requests: Packet[];
  replies: Packet[];
  /** ICMP errors that quote a request or a reply. */
  errors: { packet: Packet; about: 'request' | 'reply' }[];
  /** Packets of the request that were sent again from the source. */
  repeats: number;
};

type Role = 'request' | 'reply';
/** Says whether a layer belongs to the flow; NATs may have rewritten its addresses, ports and ids. */
type Recognise = (layer: Layer) => Role | undefined;

/** Follows the attempt that `key` describes and that began in container `source`, at any of its interfaces. */
export const traceFlow = (packets: readonly Packet[], source: string, key: FlowKey): Flow => {
  const recognise = makeRecogniser(packets, source, key);
  const flow: Flow = { requests: [], replies: [], errors: [], repeats: 0 };
  if (!recognise) return flow;
  const seen = new Map<string, number>();
  for (const packet of packets.toSorted((a, b) => a.time - b.time)) {
    const role = recognise(innermost(packet));
    if (!role) continue;
    const error = packet.layers[0].kind === 'icmp-error' || packet.layers.slice(1).some(({ kind }) => kind === 'icmp-error');
    const place = `${packet.at} ${packet.interface} ${packet.direction} ${role} ${error ? 'error' : ''}`;
    const times = (seen.get(place) ?? 0) + 1;
    seen.set(place, times);
    if (role === 'request' && !error && packet.at === source) flow.repeats = Math.max(flow.repeats, times - 1);
    if (times > 1) continue;
    if (error) flow.errors.push({ packet, about: role });
    else (role === 'request' ? flow.requests : flow.replies).push(packet);
  }
  return flow;
};

const makeRecogniser = (packets: readonly Packet[], source: string, key: FlowKey): Recognise | undefined => {
  if (key.kind === 'icmp') return recogniseEcho(key.length);
  if (key.kind === 'udp') return recogniseDatagrams(packets, key.length);
  const first = packets.filter(({ at }) => at === source).toSorted((a, b) => a.time - b.time);
  if (key.kind === 'dns') {
    const queries = first.map(innermost).filter((layer) => layer.kind === 'dns' && layer.name === key.name);
    return recogniseDns(new Set(queries.map((layer) => (layer.kind === 'dns' ? layer.id : -1))));
  }
  const opening = first
    .map(innermost)
    .filter((layer) => layer.kind === 'tcp')
    .find((layer) => isOpening(layer) && key.ports.includes(layer.sport));
  return opening?.seq === undefined ? undefined : recogniseTcp(opening.seq);
};

type Tcp = Extract<Layer, { kind: 'tcp' }>;

const isOpening = (layer: Tcp): boolean => layer.flags === 'S';

/** A connection keeps its initial sequence number through every NAT and tunnel (RFC 9293 §3.4); its ports may change. */
const recogniseTcp =
  (initial: number): Recognise =>
  (layer) => {
    if (layer.kind !== 'tcp') return undefined;
    if (isOpening(layer)) return layer.seq === initial ? 'request' : undefined;
    return layer.ack === (initial + 1) % 2 ** 32 && /S|R/.test(layer.flags) ? 'reply' : undefined;
  };

const recogniseEcho =
  (length: number): Recognise =>
  (layer) => {
    if (layer.kind !== 'echo' || layer.length !== length) return undefined;
    return layer.reply ? 'reply' : 'request';
  };

/** The length marks requests wherever they are seen; a reply goes the other way between two ends that one of them had there. */
const recogniseDatagrams = (packets: readonly Packet[], length: number): Recognise => {
  const isRequest = (layer: Layer): boolean => layer.kind === 'udp' && layer.length === length;
  const ends = new Set(
    packets
      .map(innermost)
      .filter(isRequest)
      .map((layer) => `${sourceOf(layer)}>${targetOf(layer)}`),
  );
  return (layer) => {
    if (layer.kind !== 'udp') return undefined;
    if (isRequest(layer)) return 'request';
    return ends.has(`${targetOf(layer)}>${sourceOf(layer)}`) ? 'reply' : undefined;
  };
};

const recogniseDns =
  (ids: ReadonlySet<number>): Recognise =>
  (layer) => {
    if (layer.kind !== 'dns' || !ids.has(layer.id)) return undefined;
    return layer.answer === undefined ? 'request' : 'reply';
  };
