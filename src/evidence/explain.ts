/** From a traced flow to words: the path it took, or the place where it was last seen. */
import { listWords } from '../lib/names.ts';
import type { Path, ReachOutcome } from '../model/check.ts';
import type { Ipv4 } from '../model/address.ts';
import type { Flow } from './flow.ts';
import type { Packet } from './packet.ts';
import { innermost, outermost, sourceOf, targetOf } from './packet.ts';

/** What the explanation must know about the lab that was captured. */
export type Scene = {
  /** Interfaces that lead to another container, by container: all others are inside a node. */
  wires: ReadonlyMap<string, readonly { name: string; segment: string; addresses: readonly Ipv4[] }[]>;
};

/** Sightings on the lab's own segments, in order. */
export const onWires = (packets: readonly Packet[], scene: Scene): Packet[] =>
  packets.filter((packet) => scene.wires.get(packet.at)?.some(({ name }) => name === packet.interface));

/**
 * How an answered request went from end to end. One that no interface saw went to its own pod; one that came to another container and
 * was on no wire was inside something that captures cannot look into, such as flannel's udp backend.
 */
export const findPath = (flow: Flow, scene: Scene): Path => {
  const first = flow.requests[0];
  const last = flow.requests.at(-1);
  if (!first || !last) return { kind: 'local', through: [] };
  const wired = onWires(flow.requests, scene);
  if (wired.length === 0) return { kind: first.at === last.at ? 'local' : 'unknown', through: [] };
  const between = [...new Set(wired.map(({ at }) => at))].filter((at) => at !== first.at && at !== last.at);
  return { kind: between.length === 0 ? 'direct' : 'routed', through: between };
};

/** Where a request, or its reply if there is one, was seen last. */
export const findLoss = (flow: Flow, scene: Scene): Path | undefined => {
  const last = (flow.replies.length > 0 ? flow.replies : flow.requests).at(-1);
  if (!last) return undefined;
  const passed = [...new Set(onWires(flow.requests, scene).map(({ at }) => at))].filter(
    (at) => at !== flow.requests[0]?.at && at !== last.at,
  );
  return { kind: 'lost', through: passed, at: last.at };
};

/** The container that sent the reply first; it is not always the one that was meant where addresses repeat. */
export const findAnswerer = (flow: Flow): string | undefined => flow.replies[0]?.at;

/** One line for the verdict table: the way it went when it was answered, else where it was lost. */
export const explainFlow = (flow: Flow, scene: Scene, outcome: ReachOutcome): string => {
  const opening = flow.requests[0];
  if (!opening)
    return outcome === 'reachable' ? 'inside the pod, no interface touched' : (explainError(flow, scene) ?? 'no packet of it was seen');
  if (outcome === 'reachable') return explainPassage(flow, scene);
  if (outcome === 'refused') return explainRefusal(flow, scene);
  return explainLoss(flow, opening, scene);
};

const explainPassage = (flow: Flow, scene: Scene): string => {
  const path = findPath(flow, scene);
  if (path.kind === 'local') return `inside ${flow.requests[0]?.at ?? 'the node'}, no wire touched`;
  if (path.kind === 'unknown') return `${explainUnseen(flow.requests)}, in what was not seen`;
  const wired = onWires(flow.requests, scene);
  const [first, last] = [wired[0]!, wired.at(-1)!];
  const [sent, arrived] = [outermost(first), outermost(last)];
  const tunnel = sent.kind === 'vxlan' ? `VXLAN from ${sent.src} to ${sent.dst}` : `${sent.src} to ${sent.dst} without a tunnel`;
  const translated = arrived.src === sent.src ? '' : `, translated to ${sourceOf(arrived)}`;
  const way = path.kind === 'direct' ? `direct on ${segmentOf(first, scene)}` : `through ${listWords(path.through)}`;
  return `${tunnel}, ${way}${translated}`;
};

/** `edge-a1 flannel0 to edge-a2 flannel0` */
const explainUnseen = (requests: readonly Packet[]): string => {
  const entry = requests.findIndex(({ at }) => at !== requests[0]?.at);
  return [requests[entry - 1], requests[entry]].map((packet) => `${packet?.at ?? ''} ${packet?.interface ?? ''}`).join(' to ');
};

const explainRefusal = (flow: Flow, scene: Scene): string => {
  const reply = flow.replies[0];
  return reply ? `${nameOf(reply)} from ${reply.at}` : (explainError(flow, scene) ?? 'refused, by whom was not seen');
};

const explainLoss = (flow: Flow, opening: Packet, scene: Scene): string => {
  const reply = flow.replies[0];
  if (!reply) return lastSeen(nameOf(opening), flow.requests, flow, scene);
  const arrived = onWires(flow.requests, scene).at(-1);
  const arrival = arrived
    ? `${nameOf(opening)} reached ${arrived.at} ${asWhat(arrived)}`
    : `${nameOf(opening)} answered inside ${reply.at}`;
  return `${arrival}; ${lastSeen(nameOf(reply), flow.replies, flow, scene)}`;
};

/** `SYN-ACK left cloud for 192.168.1.11:8472 in VXLAN, lost at internet-core (host 192.168.1.11 unreachable)` */
const lastSeen = (what: string, packets: readonly Packet[], flow: Flow, scene: Scene): string => {
  const left = onWires(packets, scene).findLast(({ direction }) => direction === 'out');
  const last = packets.at(-1)!;
  const error = explainError(flow, scene);
  if (!left) return `${what} last seen at ${last.at} ${last.interface} (${last.direction})${error === undefined ? '' : `; ${error}`}`;
  const layer = outermost(left);
  const own = scene.wires.get(left.at)?.some(({ addresses }) => addresses.includes(layer.src)) && !isRouter(left.at, scene);
  const translated = own ? '' : ` as ${sourceOf(layer)}`;
  const tunnel = layer.kind === 'vxlan' ? ' in VXLAN' : '';
  const place = last.at === left.at ? 'never arrived' : `lost at ${last.at}`;
  const end = error === undefined ? place : error.startsWith(`${last.at} `) ? `lost at ${error}` : `${place}; ${error}`;
  return `${what} left ${left.at}${translated} for ${targetOf(layer)}${tunnel}, ${end}`;
};

const asWhat = (packet: Packet): string => {
  const layer = outermost(packet);
  return `${layer.kind === 'vxlan' ? 'in VXLAN ' : ''}from ${sourceOf(layer)}`;
};

/** `internet-core (host 192.168.1.11 unreachable)` */
const explainError = (flow: Flow, scene: Scene): string | undefined => {
  const error = flow.errors[0]?.packet;
  const layer = error?.layers.find((each) => each.kind === 'icmp-error');
  return error && layer ? `${ownerOf(layer.src, error, scene) ?? layer.src} (${layer.says})` : undefined;
};

/** More than one wire: it forwards what others send. */
const isRouter = (container: string, scene: Scene): boolean => (scene.wires.get(container)?.length ?? 0) > 1;

/** Who has the address. It may repeat between LANs, or be one inside a node: then it is the container it left from. */
const ownerOf = (address: Ipv4, packet: Packet, scene: Scene): string | undefined => {
  const owners = [...scene.wires].filter(([, wires]) => wires.some(({ addresses }) => addresses.includes(address))).map(([name]) => name);
  return owners.length === 1 ? owners[0] : packet.direction === 'out' ? packet.at : undefined;
};

const segmentOf = (packet: Packet, scene: Scene): string =>
  scene.wires.get(packet.at)?.find(({ name }) => name === packet.interface)?.segment ?? packet.interface;

/** `SYN`, `SYN-ACK`, `RST`, `echo request`, `datagram`, `query`, `answer`. */
export const nameOf = (packet: Packet): string => {
  const layer = innermost(packet);
  if (layer.kind === 'tcp') return layer.flags.includes('R') ? 'RST' : layer.flags === 'S' ? 'SYN' : 'SYN-ACK';
  if (layer.kind === 'echo') return layer.reply ? 'echo reply' : 'echo request';
  if (layer.kind === 'udp') return 'datagram';
  if (layer.kind === 'dns') return layer.answer === undefined ? 'query' : 'answer';
  return layer.kind;
};
