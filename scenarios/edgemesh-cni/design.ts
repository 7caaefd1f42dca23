/** What the seed asks of such a CNI, and what edgeCNI makes of it. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { readAgentLog } from '../edgemesh/agent-log.ts';
import { isEdge } from '../question-1/cast.ts';
import { members } from '../question-2/agents.ts';

const device = 'edge_tun0';

/** The podCIDR of each node, by its name. */
export const podCidrs = async (lab: LabHandle): Promise<Map<string, string>> => {
  const { lines } = await lab.kubectl`get nodes -o jsonpath=${'{range .items[*]}{.metadata.name} {.spec.podCIDR}{"\\n"}{end}'}`;
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
};

export const checkAddresses = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [subnets, { pods }] = await Promise.all([podCidrs(lab), lab.cluster()]);
  const all = [...subnets].map(([node, subnet]) => `${node} ${subnet}`).join(', ');
  expect.equal(new Set(subnets.values()).size, members(lab).length, 'subnets for containers, one per node', {
    claims: ['S000-ADV-1'],
    how: all,
  });
  const own = pods.filter(({ hostNetwork, ip }) => !hostNetwork && ip !== undefined);
  const inside = own.filter(({ node, ip }) => ip?.startsWith((subnets.get(node) ?? '?').replace(/\d+\/\d+$/, '')));
  expect.equal(inside.length, own.length, 'podIPs inside the subnet of their node', {
    claims: ['S000-ADV-1', 'S000-ADV-5'],
    how: 'the CNI allocates: flannel in the cloud, host-local on an edge',
    evidence: own.map(({ name, node, ip }) => ({ at: node, saw: `${name} has ${ip ?? ''}` })),
  });
};

/** Where each node sends the subnets of others: its LAN by a route of the CNI, the rest into the agent's TUN device. */
export const checkRoutes = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const subnets = await podCidrs(lab);
  for (const node of members(lab)) {
    const [routes, said, sockets, rules] = await Promise.all([
      node.$`ip -4 route`,
      readAgentLog(node, 'CIDRs are', 'local CIDR is'),
      node.$({ nothrow: true })`ss -Hlntp | grep edgemesh-agent`,
      node.$({
        nothrow: true,
      })`iptables-save -t nat | grep -e "KUBE-PORTALS" | grep -F -e ${[...subnets.values()].map((subnet) => `-d ${subnet.replace(/\.0\/\d+$/, '.')}`).join('\n')}`,
    ]);
    const wayTo = (other: NodeHandle): string => {
      const route = routes.lines.find((line) => line.startsWith(`${subnets.get(other.name) ?? '?'} `)) ?? '';
      return / dev (\S+)/.exec(route)?.[1] ?? 'none';
    };
    const others = members(lab).filter(({ name }) => name !== node.name);
    const near = (other: NodeHandle): boolean => other.segment === node.segment && isEdge(node) === isEdge(other);
    expect.equal(
      others.map((other) => `${other.name} ${wayTo(other)}`).join(', '),
      others.map((other) => `${other.name} ${near(other) ? (isEdge(node) ? 'eth0' : 'flannel.1') : device}`).join(', '),
      'devices that podIPs of others leave by',
      {
        from: node.name,
        claims: ['S000-ADV-3', 'S000-ADV-4', 'S000-ADV-5'],
        how: 'by routes, not by iptables; the agent adds those it was given at its start, and none that the CNI has',
        evidence: [
          ...routes.lines.map((saw) => ({ at: `${node.name} routes`, saw })),
          ...said.map((saw) => ({ at: `${node.name} edgemesh-agent`, saw })),
        ],
      },
    );
    expect.equal(rules.lines.length, 0, 'rules of the agent for podIPs', {
      from: node.name,
      refutes: ['S000-ADV-6'],
      how: `KUBE-PORTALS has none: routes to ${device} catch podIPs`,
    });
    const ports = [...new Set(sockets.lines.map((line) => /:(\d+)\s/.exec(line)?.[1] ?? ''))];
    expect.that(
      ports.includes('20006') && sockets.lines.every((line) => /:20006\s|169\.254\.96\.16:/.test(line)),
      'listening ports of the agent',
      {
        from: node.name,
        refutes: ['S000-ADV-7'],
        expected: '20006 and those of the proxy',
        observed: ports.includes('20006') ? '20006 and those of the proxy' : ports.join(', '),
        how: `no port for a remote subnet: all of them share ${device}`,
        evidence: sockets.lines.map((saw) => ({ at: `${node.name} sockets`, saw })),
      },
    );
  }
};
