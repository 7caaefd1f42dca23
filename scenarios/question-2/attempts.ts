/** Who asks whom in question 2, and by which way the answer is expected. */
import type { Expect, Known, LabHandle, NodeHandle, ReachSpec } from 'edgelab';
import { cast, isEdge } from '../question-1/cast.ts';
import { predict } from '../question-1/predict.ts';

type Pair = { from: NodeHandle; to: NodeHandle };

const pairs = (lab: LabHandle): Pair[] => {
  const { nodes } = cast(lab);
  return nodes.flatMap((from) => nodes.map((to) => ({ from, to })));
};

const areApart = ({ from, to }: Pair): boolean => isEdge(from) && isEdge(to) && from.segment !== to.segment;

const ask = (lab: LabHandle, { from, to }: Pair, more: Partial<ReachSpec>): ReachSpec => {
  const { workload } = cast(lab);
  return { from: lab.pod(workload, { on: from.name }), to: lab.service(workload, { on: to.name }), timeout: '5s', ...more };
};

/** Before the agents hold places at the relay there is no way across: these are asked again and again. */
export const acrossLans = (lab: LabHandle): ReachSpec[] =>
  pairs(lab)
    .filter(areApart)
    .map((pair) => ask(lab, pair, { within: '180s', path: ['relayed', 'direct'], claims: ['S000-Q2-8'], known: findKnown(lab) }));

/** What keeps this version from relaying; undefined for one that does. */
export const findKnown = (lab: LabHandle): Known | undefined =>
  lab.version('edgemesh') === '1.17.0' ? { reason: 'EdgeMesh 1.17.0 never reserves a place at a relay; 1.16.0 does' } : undefined;

/** All other pairs. A pod's call to its own Service goes through the agent too. */
export const alongside = (lab: LabHandle): ReachSpec[] =>
  pairs(lab)
    .filter((pair) => !areApart(pair))
    .map((pair) => {
      const within = '60s' as const;
      if (pair.from === pair.to) return ask(lab, pair, { within, path: 'local' });
      if (isEdge(pair.from) && isEdge(pair.to)) return ask(lab, pair, { within, path: 'direct', claims: ['S000-Q2-6'] });
      return ask(lab, pair, { within, path: 'direct', claims: isEdge(pair.to) ? ['S000-Q2-5'] : [] });
    });

/** The podIPs are unique in the cluster, and all the same out of reach of other nodes. */
export const listPodIps = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { workload, nodes } = cast(lab);
  const before = await Promise.all(nodes.map((node) => countCaught(node)));
  const specs = pairs(lab)
    .filter(({ from, to }) => from !== to)
    .map(({ from, to }): ReachSpec => ({
      from: lab.pod(workload, { on: from.name }),
      to: lab.pod(workload, { on: to.name }),
      outcome: predict(lab).podIP(from, to),
      claims: isEdge(from) ? ['S000-Q2-10'] : ['S000-Q2-9', 'S000-Q2-11'],
      within: '20s',
    }));
  await expect.reachAll(specs);
  const after = await Promise.all(nodes.map((node) => countCaught(node)));
  const pods = (await lab.cluster()).pods.filter(({ labels }) => labels['app'] === workload);
  for (const [index, node] of nodes.entries()) {
    const rule = await node.$({
      nothrow: true,
    })`iptables-save -t nat | grep -e KUBE-PORTALS | grep -F ${pods.map(({ ip }) => `-d ${ip ?? '-'}/`).join('\n')}`;
    expect.equal(
      `${String(rule.lines.length)} rules, ${String(after[index]! - before[index]!)} packets`,
      '0 rules, 0 packets',
      'podIPs in the rules of the agent',
      {
        from: node.name,
        claims: ['S000-Q2-9'],
        how: `KUBE-PORTALS has no rule for a podIP, and its DNAT rules counted ${String(after[index])} packets before and after the calls`,
      },
    );
  }
  const addresses = pods.map(({ ip }) => ip ?? '');
  expect.equal(new Set(addresses).size, addresses.length, 'different podIPs', {
    claims: ['S000-Q2-11'],
    how: `each node has its own podCIDR: ${addresses.join(', ')}`,
  });
};

/** Packets that met the DNAT rules to the workload's ClusterIPs so far. */
const countCaught = async (node: NodeHandle): Promise<number> => {
  const { lines } = await node.$({ nothrow: true })`iptables-save -c -t nat | grep -e "-A KUBE-PORTALS-.* --comment .default/"`;
  return lines.reduce((sum, line) => sum + Number(/^\[(\d+):/.exec(line)?.[1] ?? 0), 0);
};
