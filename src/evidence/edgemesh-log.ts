/** Reads the log of an EdgeMesh agent (1.12 to 1.17): who it is, whom it found, and by which way each stream came. */

/** A libp2p peer with the addresses the agent lists for it, as multiaddresses: `/ip4/45.77.0.10/tcp/20006`. */
type Peer = { id: string; addresses: string[] };

/** One message of the agent that says something about peers or streams, by what it says. */
export type AgentLine = { /** The line without time stamps. */ text: string } &
  /** Its own identity, at start. */
  (
    | { kind: 'self'; peer: Peer }
    | { kind: 'relay' }
    | { kind: 'bootstrapped'; peer: Peer }
    /** Another agent was found, not yet by name. */
    | { kind: 'found'; by: string; peer: Peer }
    /** The other agent said which node it is on. */
    | { kind: 'named'; by: string; node: string; peer: Peer }
    /** It connected to a pod of its own node (`legacy`), or through the agent of another (`libp2p`). */
    | { kind: 'dialed'; network: 'legacy' | 'libp2p'; node: string; target: string }
    /** A stream of another agent arrived over the connection that `peer` describes. */
    | { kind: 'arrived'; peer: Peer }
    /** edgeCNI: it put a packet for a podIP into a stream to the node of that pod. */
    | { kind: 'packet-sent'; target: string }
    /** edgeCNI: a stream with a packet arrived. */
    | { kind: 'packet-arrived'; peer: Peer }
    /** edgeCNI: a packet found no way. */
    | { kind: 'packet-failed' }
    /** That stream was connected to a pod. */
    | { kind: 'delivered'; node: string; target: string }
    | { kind: 'failed'; node?: string }
  );

/** What containerd puts in front of each line. */
const outerStamp = /^\d{4}-\S+ std(?:out|err) \w /;
/** What klog puts in front of each message: `I1121 10:00:00.000000       1 file.go:12] `. A line without it goes on with the last one. */
const innerStamp = /^[IWEF]\d{4} \S+\s+\d+ [^\]]+\] /;

const toMessages = (text: string): string[] => {
  const messages: string[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.replace(outerStamp, '');
    const last = messages.at(-1);
    if (innerStamp.test(line) || last === undefined) messages.push(line.replace(innerStamp, '').trim());
    else if (line.trim() !== '') messages[messages.length - 1] = `${last} ${line.trim()}`;
  }
  return messages;
};

/** `{12D3Koo…: [/ip4/…/tcp/20006 /ip4/…]}` */
const peerText = String.raw`\{(\w{20,}): \[([^\]]*)\]\}`;
const makePeer = (id = '', addresses = ''): Peer => ({ id, addresses: addresses.split(' ').filter((one) => one !== '') });

type Reader = { shape: RegExp; read: (groups: (string | undefined)[]) => Omit<AgentLine, 'text'> };

const readers: readonly Reader[] = [
  { shape: new RegExp(`^I'm ${peerText}`), read: ([id, list]) => ({ kind: 'self', peer: makePeer(id, list) }) },
  { shape: /^Run as a relay node/, read: () => ({ kind: 'relay' }) },
  {
    shape: new RegExp(String.raw`^\[Bootstrap\] success bootstrapped with ${peerText}`),
    read: ([id, list]) => ({ kind: 'bootstrapped', peer: makePeer(id, list) }),
  },
  {
    shape: new RegExp(String.raw`^\[(\w+)\] Discovery found peer: ${peerText}`),
    read: ([by = '', id, list]) => ({ kind: 'found', by, peer: makePeer(id, list) }),
  },
  {
    shape: new RegExp(String.raw`^\[(\w+)\] Discovery (?:to|from) (\S+) : ${peerText}`),
    read: ([by = '', node = '', id, list]) => ({ kind: 'named', by, node, peer: makePeer(id, list) }),
  },
  {
    shape: /^Dial (legacy|libp2p) network between .* - \{\w+ (\S+) (\S+:\d+)\}/,
    read: ([network, node = '', target = '']) => ({ kind: 'dialed', network: network === 'legacy' ? 'legacy' : 'libp2p', node, target }),
  },
  {
    shape: new RegExp(`^Proxy service got a new stream from ${peerText}`),
    read: ([id, list]) => ({ kind: 'arrived', peer: makePeer(id, list) }),
  },
  { shape: /^send Data to ([\d.]+)$/, read: ([target = '']) => ({ kind: 'packet-sent', target }) },
  {
    shape: new RegExp(String.raw`^\[CNI\]Adapter service got a new stream from ${peerText}`),
    read: ([id, list]) => ({ kind: 'packet-arrived', peer: makePeer(id, list) }),
  },
  { shape: /^(?:l3 adapter failed to get proxy stream|failed to get NodeName by PodIP)/, read: () => ({ kind: 'packet-failed' }) },
  { shape: /^Success proxy for \{\w+ (\S+) (\S+)\}/, read: ([node = '', target = '']) => ({ kind: 'delivered', node, target }) },
  {
    shape: /^.*(?:get proxy stream from (\S+) error|l4 proxy connect to)/,
    read: ([node]) => ({ kind: 'failed', ...(node === undefined ? {} : { node }) }),
  },
];

/** The lines that say something about peers and streams; all others are left out. */
export const parseAgentLog = (text: string): AgentLine[] =>
  toMessages(text).flatMap((message) => {
    for (const { shape, read } of readers) {
      const match = shape.exec(message);
      if (match) return [{ text: message, ...read(match.slice(1)) } as AgentLine];
    }
    return [];
  });

/** Peer id → node: each agent says its own, and the names of those it found. */
export const mapPeers = (logs: ReadonlyMap<string, readonly AgentLine[]>): Map<string, string> => {
  const nodes = new Map<string, string>();
  for (const [node, lines] of logs) {
    for (const line of lines) {
      if (line.kind === 'named') nodes.set(line.peer.id, line.node);
      if (line.kind === 'self') nodes.set(line.peer.id, node);
    }
  }
  return nodes;
};

/** `…/p2p/<relay>/p2p-circuit`: the id of the relay; undefined for an address without one. */
export const relayOf = (address: string): string | undefined => /\/p2p\/(\w+)\/p2p-circuit/.exec(address)?.[1];
