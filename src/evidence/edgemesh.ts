/** By which way EdgeMesh carried a flow, decided from the agents' own records at both ends. */
import type { Evidence } from '../model/check.ts';
import { mapPeers, relayOf, type AgentLine } from './edgemesh-log.ts';
import { listTunnelTraffic, type TunnelFlow, type TunnelJudge, type TunnelVerdict } from './tunnel.ts';
import type { Packet } from './packet.ts';

/** TCP port that agents listen on (upstream `edgeTunnel.listenPort`). */
export const edgemeshPort = 20_006;

/** What agents, by node, and captures recorded of one round of probes. */
type EdgemeshRecords = {
  /** What each node's agent said from its start; for peers' names. */
  introductions: ReadonlyMap<string, readonly AgentLine[]>;
  /** What it said while the flows were under way. */
  lines: ReadonlyMap<string, readonly AgentLine[]>;
  packets: readonly Packet[];
  /** Containers whose captures show the tunnel on the wire between two nodes: the nodes and their routers. */
  wiresBetween: (from: string, to: string) => readonly string[];
};

/**
 * `Dial legacy` at the caller: local. `Dial libp2p` at the caller: what the callee's agent says of the connection that
 * the stream came over decides between relayed (`/p2p-circuit`) and direct (the address it came from).
 */
export const judgeEdgemesh = ({ introductions, lines, packets, wiresBetween }: EdgemeshRecords): TunnelJudge => {
  const nodes = mapPeers(new Map([...introductions].map(([node, known]) => [node, [...known, ...(lines.get(node) ?? [])]])));
  return (flow) => {
    const said = lines.get(flow.from) ?? [];
    const wires = (): Evidence[] => listTunnelTraffic(packets, wiresBetween(flow.from, flow.to), [edgemeshPort]);
    if (flow.asked === 'pod') return judgePackets(flow, said, lines.get(flow.to) ?? [], nodes, wires);
    if (flow.asked !== 'service') return undefined;
    const dialed = said.find((line) => line.kind === 'dialed' && line.node === flow.to && isTarget(line.target, flow));
    if (dialed?.kind === 'dialed' && dialed.network === 'legacy') {
      return {
        path: { kind: 'local', through: [], by: 'agent' },
        how: `inside ${flow.from}, by its agent`,
        evidence: [quoteAgent(flow.from, dialed)],
      };
    }
    const failed = said.findLast((line) => line.kind === 'failed' && line.node === flow.to);
    if (!dialed && failed) return judgeLoss(flow, failed);
    if (!dialed) return undefined;
    const arrived = (lines.get(flow.to) ?? []).filter((line) => line.kind === 'arrived' && nodes.get(line.peer.id) === flow.from);
    const delivered = (lines.get(flow.to) ?? []).find((line) => line.kind === 'delivered' && isTarget(line.target, flow));
    const evidence = [
      quoteAgent(flow.from, dialed),
      ...arrived.slice(0, 1).map((line) => quoteAgent(flow.to, line)),
      ...(delivered ? [quoteAgent(flow.to, delivered)] : []),
      ...wires(),
    ];
    return { ...judgeWay(flow, arrived, nodes), evidence };
  };
};

/** Agents catch podIPs only with edgeCNI: one stream for each packet, and the answer comes back in the same way. */
const judgePackets = (
  flow: TunnelFlow,
  said: readonly AgentLine[],
  heard: readonly AgentLine[],
  nodes: ReadonlyMap<string, string>,
  wires: () => Evidence[],
): TunnelVerdict | undefined => {
  const address = flow.target?.replace(/:\d+$/, '');
  const sent = said.filter((line) => line.kind === 'packet-sent' && line.target === address);
  if (!sent[0]) return undefined;
  const arrived = heard.filter((line) => line.kind === 'packet-arrived' && nodes.get(line.peer.id) === flow.from);
  const evidence = [quoteAgent(flow.from, sent[0]), ...arrived.slice(0, 1).map((line) => quoteAgent(flow.to, line)), ...wires()];
  return { ...judgeWay(flow, arrived, nodes), evidence };
};

const isTarget = (target: string, flow: TunnelFlow): boolean => flow.target === undefined || target === flow.target;

const judgeWay = (flow: TunnelFlow, arrived: readonly AgentLine[], nodes: ReadonlyMap<string, string>): Omit<TunnelVerdict, 'evidence'> => {
  const ways = [...new Set(arrived.flatMap((line) => ('peer' in line ? line.peer.addresses : [])))];
  const relays = [...new Set(ways.flatMap((way) => relayOf(way) ?? []))].map((id) => nodes.get(id) ?? id);
  const plain = ways.filter((way) => !way.includes('/p2p-circuit'));
  if (ways.length > 0 && plain.length === 0) {
    const by = relays.join(', ') || 'a relay';
    return { path: { kind: 'relayed', through: relays, by }, how: `${flow.from}'s agent to ${flow.to}'s, relayed by ${by}` };
  }
  if (relays.length === 0 && plain.length > 0) {
    const seen = plain.map(toAddress).join(', ');
    return {
      path: { kind: 'direct', through: [], by: 'agents' },
      how: `${flow.from}'s agent to ${flow.to}'s, directly: it came from ${seen}`,
    };
  }
  const why = ways.length === 0 ? `no stream of ${flow.from} is in the log of ${flow.to}'s agent` : 'streams came relayed and directly';
  return { path: { kind: 'unknown', through: [] }, how: `by EdgeMesh; ${why}` };
};

const judgeLoss = (flow: TunnelFlow, failed: AgentLine): TunnelVerdict => ({
  path: { kind: 'lost', through: [], by: 'agent' },
  how: `${flow.from}'s agent got no stream to ${flow.to}${failed.text.includes('NO_RESERVATION') ? ': NO_RESERVATION, the relay knows no way to it' : ''}`,
  evidence: [quoteAgent(flow.from, failed)],
});

/** `/ip4/45.77.0.2/tcp/61022` → `45.77.0.2:61022`. */
const toAddress = (multiaddress: string): string => multiaddress.replace(/^\/ip4\/([^/]+)\/(?:tcp|udp)\/(\d+).*$/, '$1:$2');

const quoteAgent = (node: string, line: AgentLine): Evidence => ({ at: `${node} edgemesh-agent`, saw: sayLine(line), raw: line.text });

const sayLine = (line: AgentLine): string => {
  switch (line.kind) {
    case 'dialed':
      return line.network === 'legacy'
        ? `connected to ${line.target} on its own node`
        : `opened a stream to the agent of ${line.node} for ${line.target}`;
    case 'arrived':
      return `a stream came over ${line.peer.addresses.join(' ')}`;
    case 'packet-sent':
      return `put a packet for ${line.target} into a stream`;
    case 'packet-arrived':
      return `a packet came over ${line.peer.addresses.join(' ')}`;
    case 'delivered':
      return `connected it to ${line.target}`;
    case 'failed':
      return 'got no stream';
    default:
      return line.kind;
  }
};
