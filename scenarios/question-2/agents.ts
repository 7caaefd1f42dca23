/** The agents of EdgeMesh: one per node, where each takes its facts from, and how they found each other. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { readAgentLog } from '../edgemesh/agent-log.ts';

export const members = (lab: LabHandle): NodeHandle[] => lab.nodes().filter(({ role }) => role !== 'host');

export const checkAgents = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const nodes = members(lab);
  const [{ pods }, ...facts] = await Promise.all([
    lab.cluster(),
    ...nodes.map((node) => Promise.all([node.$({ nothrow: true })`ss -Htnp state established | grep edgemesh-agent`, readWords(node)])),
  ]);
  for (const [index, node] of nodes.entries()) {
    const own = pods.filter((pod) => pod.labels['k8s-app'] === 'edgemesh-agent' && pod.node === node.name);
    expect.equal(own.map(({ ready }) => (ready ? 'ready' : 'not ready')).join(', '), 'ready', 'agents on the node', {
      from: node.name,
      claims: ['S000-Q2-1'],
      how: own.map(({ name, ip }) => `${name}, address ${ip ?? 'none'}`).join('; '),
    });
    const [sockets, said] = facts[index]!;
    checkSource(node, expect, { sockets: sockets.lines, said });
  }
};

/** What the agent on a node said of itself and others. */
const readWords = (node: NodeHandle): Promise<string[]> => readAgentLog(node, 'running on', 'Run as a relay', 'Bootstrap', 'Discovery');

/** An edge's agent has a connection to the metaServer on its own node, one in the cloud to the API server. */
const checkSource = (node: NodeHandle, expect: Expect, { sockets: lines, said }: { sockets: string[]; said: string[] }): void => {
  const onEdge = node.role === 'edge';
  const wanted = onEdge ? '127.0.0.1:10550' : ':6443';
  const asked = lines.find((line) => (line.split(/\s+/)[3] ?? '').endsWith(wanted));
  expect.that(asked !== undefined, 'list and watch of Services and Endpoints', {
    from: node.name,
    claims: ['S000-Q2-2'],
    expected: onEdge ? "at the edge's metaServer" : 'at the API server',
    observed: asked === undefined ? `no connection to ${wanted}` : onEdge ? "at the edge's metaServer" : 'at the API server',
    how: said.find((line) => line.startsWith('edgemesh-agent running on')) ?? 'the agent did not say its mode',
    evidence: [{ at: `${node.name} edgemesh-agent`, saw: asked ?? `${String(lines.length)} other connections` }],
  });
};

/** Relays by bootstrap, neighbours by mDNS, the others by the DHT. */
export const checkDiscovery = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const nodes = members(lab);
  const logs = await Promise.all(nodes.map(readWords));
  const look = (node: NodeHandle, what: string, by: string, line: string | undefined, how: string): void => {
    expect.that(line !== undefined, what, {
      from: node.name,
      claims: ['S000-Q2-4'],
      expected: `found by ${by}`,
      observed: line === undefined ? 'not found' : `found by ${by}`,
      how,
      evidence: [{ at: `${node.name} edgemesh-agent`, saw: line ?? 'no such line' }],
    });
  };
  for (const [index, node] of nodes.entries()) {
    const lines = logs[index]!;
    if (lines.some((line) => line.startsWith('Run as a relay node'))) continue;
    const bootstrapped = lines.find((line) => line.startsWith('[Bootstrap] success'));
    look(node, 'the relay', 'bootstrap', bootstrapped, 'from the list of relays in its configuration');
    const neighbours = nodes.filter((other) => other !== node && other.segment === node.segment);
    for (const other of neighbours) {
      const found = lines.find((line) => line.startsWith('[MDNS] Discovery ') && line.includes(` ${other.name} `));
      look(node, `the agent of ${other.name}`, 'mDNS', found, `both are on ${node.segment}`);
    }
  }
  // who comes first finds nobody there, and is found
  const byDht = nodes.flatMap((node, index) =>
    logs[index]!.filter((line) => line.startsWith('[DHT] Discovery found peer')).map((saw) => ({ at: `${node.name} edgemesh-agent`, saw })),
  );
  expect.that(byDht.length > 0, 'agents found by the DHT', {
    claims: ['S000-Q2-4'],
    how: `${String(byDht.length)} findings, by ${[...new Set(byDht.map(({ at }) => at.split(' ')[0]))].join(', ')}`,
    evidence: byDht.slice(0, 8),
  });
};
