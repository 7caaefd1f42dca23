/** What runs in the cloud and on the edges, and who opens connections to whom. */
import type { Expect, LabHandle } from 'edgelab';
import { isEdge } from '../question-1/cast.ts';
import { members } from '../question-2/agents.ts';

export const checkSides = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const nodes = members(lab);
  const [{ pods }, ...found] = await Promise.all([
    lab.cluster(),
    ...nodes.map((node) =>
      Promise.all([
        node.$({ nothrow: true })`ps -eo comm= | sort -u | grep -x -e kube-proxy -e flanneld -e coredns -e edgemesh-agent`,
        node.$({ nothrow: true })`ss -Hltnup | grep edgemesh-agent`,
        node.$({ nothrow: true })`ls /etc/cni/net.d`,
      ]),
    ),
  ]);
  for (const [index, node] of nodes.entries()) {
    const [daemons, sockets, cni] = found[index]!;
    const wanted = isEdge(node) ? ['edgemesh-agent'] : ['coredns', 'edgemesh-agent', 'flanneld', 'kube-proxy'];
    expect.equal(daemons.lines.map((line) => line.trim()).join(', '), wanted.join(', '), 'network daemons', {
      from: node.name,
      ...(isEdge(node) ? { refutes: ['S001-EM-7'] } : { claims: ['S001-EM-5'] }),
      how: isEdge(node)
        ? `no CoreDNS, kube-proxy or flannel; yet containerd has a CNI configuration: ${cni.lines.join(', ')}`
        : 'the cloud keeps its own',
    });
    const agent = pods.find((pod) => pod.labels['k8s-app'] === 'edgemesh-agent' && pod.node === node.name);
    expect.equal(agent?.ip ?? 'none', node.address, "podIP of the agent is the node's address", {
      from: node.name,
      claims: ['S001-EM-11'],
    });
    const tunnels = sockets.lines.filter((line) => /:20006\s/.test(line));
    expect.equal([...new Set(tunnels.map((line) => line.split(/\s+/)[0]))].join(', '), 'tcp', 'what the tunnel listens on', {
      from: node.name,
      refutes: ['S001-EM-1', 'S001-EM-10'],
      how: 'agents listen on TCP 20006, and those named as relays relay: there is no server, no port 20004 and no UDP',
      evidence: tunnels.map((line) => ({ at: `${node.name} sockets`, saw: line })),
    });
  }
  const servers = pods.filter(({ name }) => name.startsWith('edgemesh-server'));
  expect.equal(servers.length, 0, 'pods of an EdgeMesh server', { refutes: ['S001-EM-1', 'S001-EM-10'], how: 'gone since 1.12' });
};

/** Edges open the connections, their NATs forward nothing; each keeps one to the relay. */
export const checkUplinks = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edges = lab.nodes('edge');
  const relay = lab.nodes('control-plane')[0];
  if (!relay) return;
  for (const edge of edges) {
    const { lines } = await edge.$({ nothrow: true })`ss -Htn state established | grep -F ${`${relay.address}:20006`}`;
    expect.that(lines.length > 0, 'long connection to the relay', {
      from: edge.name,
      claims: ['S001-EM-4'],
      how: `${String(lines.length)} established to ${relay.address}:20006`,
      evidence: lines.map((line) => ({ at: `${edge.name} sockets`, saw: line })),
    });
  }
  for (const name of [...new Set(edges.map(({ site }) => site))]) {
    const router = lab.router(name);
    const { lines } = await router.$({ nothrow: true })`conntrack -L -p tcp 2>/dev/null | grep -e "dport=20006 " | grep ESTABLISHED`;
    const inbound = lines.filter(
      (line) => line.includes(` dst=${router.wan} `) && line.indexOf(` dst=${router.wan} `) < line.indexOf('dport='),
    );
    expect.equal(inbound.length, 0, 'connections of the tunnel that came in from outside', {
      from: router.name,
      claims: ['S001-EM-9'],
      how: `all ${String(lines.length)} were opened from inside the LAN`,
      evidence: lines.slice(0, 4).map((line) => ({ at: `${router.name} conntrack`, saw: line })),
    });
  }
};
