/** What the agents write into nat: ClusterIPs lead to 169.254.96.16, as long as their Services exist. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { cast, isEdge } from '../question-1/cast.ts';
import { members } from './agents.ts';

const agent = '169.254.96.16';
const added = { follows: 'question-2-follows', without: 'question-2-without' };
const mark = 'edgelab.io/scenario=question-2';

const makeService = (lab: LabHandle, name: string, on: string, labels: Record<string, string> = {}): Promise<unknown> => {
  const { workload, port } = cast(lab);
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: { 'edgelab.io/scenario': 'question-2', ...labels } },
    spec: { selector: { app: workload, 'edgelab.io/node': on }, ports: [{ name: 'http', port, targetPort: port }] },
  };
  return lab.kubectl({ input: JSON.stringify(service) })`apply -f -`;
};

export const removeServices = (lab: LabHandle): Promise<unknown> => lab.kubectl`delete services -l ${mark} --ignore-not-found --wait=false`;

/** The rules of one Service in both chains of the agent. */
const rulesFor = async (node: NodeHandle, service: string): Promise<string[]> =>
  (await node.$({ nothrow: true })`iptables-save -t nat | grep -e "KUBE-PORTALS-" | grep -F ${`"default/${service}:http"`}`).lines;

/** From PREROUTING and OUTPUT through KUBE-PORTALS into the agent, before kube-proxy where there is one. */
export const checkCaught = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { workload, nodes } = cast(lab);
  const wanted = nodes.map(({ name }) => `"default/${workload}-${name}:http"`);
  const tables = await Promise.all(members(lab).map((node) => node.$`iptables-save -t nat`));
  for (const [index, node] of members(lab).entries()) {
    const { lines } = tables[index]!;
    const firstOf = (chain: string): string | undefined =>
      lines.find((line) => line.startsWith(`-A ${chain} `) && line.includes('-j KUBE-'));
    const isFirst = ['PREROUTING', 'OUTPUT'].every((chain) => firstOf(chain)?.includes('-j KUBE-PORTALS-') === true);
    const rules = lines.filter((line) => line.startsWith('-A KUBE-PORTALS-CONTAINER') && line.includes(`--to-destination ${agent}:`));
    const caught = wanted.filter((service) => rules.some((rule) => rule.includes(service)));
    expect.equal(
      `${String(caught.length)} caught, ${isFirst ? 'first' : 'not first'}`,
      `${String(wanted.length)} caught, first`,
      'ClusterIPs in nat',
      {
        from: node.name,
        claims: ['S000-Q2-0', 'S000-Q2-3'],
        how: `PREROUTING and OUTPUT > KUBE-PORTALS > DNAT to ${agent}`,
        evidence: rules.map((rule) => ({ at: `${node.name} iptables nat`, saw: rule })),
      },
    );
  }
};

/** A Service is made, and taken away again. */
export const checkFollowing = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [target] = cast(lab).edges;
  if (!target) return;
  const watch = async (wanted: 'there' | 'gone'): Promise<void> => {
    // one after another, so that the table has the nodes in their order; all of them change at the same time
    for (const node of members(lab)) {
      await expect.eventually(`rule for a ${wanted === 'there' ? 'new' : 'deleted'} Service`, '40s', async () => {
        const rules = await rulesFor(node, added.follows);
        const holds = wanted === 'there' ? rules.some((rule) => rule.includes(`--to-destination ${agent}:`)) : rules.length === 0;
        return {
          holds,
          from: node.name,
          claims: ['S000-Q2-2', 'S000-Q2-3'],
          expected: wanted,
          observed: rules.length === 0 ? 'gone' : 'there',
          how: `KUBE-PORTALS on ${node.name} follows the Service`,
          evidence: [{ at: `${node.name} iptables nat`, saw: rules[0] ?? 'no rule' }],
        };
      });
    }
  };
  await makeService(lab, added.follows, target.name);
  await watch('there');
  await lab.kubectl`delete service ${added.follows}`;
  await watch('gone');
};

/** EdgeMesh leaves a Service with this label alone: an edge without kube-proxy then has nothing that knows its ClusterIP. */
export const checkWithoutMesh = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { edges, clouds } = cast(lab);
  const [target] = clouds;
  if (!target) return;
  await makeService(lab, added.without, target.name, { 'service.edgemesh.kubeedge.io/service-proxy-name': '' });
  await expect.reachAll(
    edges.filter(isEdge).map((from) => ({
      from: lab.pod(cast(lab).workload, { on: from.name }),
      to: lab.service(added.without),
      outcome: 'unreachable' as const,
      within: '20s' as const,
      claims: ['S000-Q2-10'],
    })),
  );
};
