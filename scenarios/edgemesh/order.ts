/** The chain-order trap: after a restart kube-proxy's jump may stand before EdgeMesh's, and then kube-proxy wins. */
import type { Expect, LabHandle, NodeHandle, ReachSpec } from 'edgelab';
import { cast } from '../question-1/cast.ts';
import { predict } from '../question-1/predict.ts';
import { acrossLans } from '../question-2/attempts.ts';

const chains = ['PREROUTING', 'OUTPUT'];

/** From the cloud to a Service on an edge. */
const call = (lab: LabHandle, cloud: NodeHandle, more: Partial<ReachSpec>): ReachSpec[] => {
  const { workload, edges } = cast(lab);
  return edges.slice(0, 1).map((edge) => ({
    from: lab.pod(workload, { on: cloud.name }),
    to: lab.service(workload, { on: edge.name }),
    ...more,
  }));
};

const firstJumps = async (node: NodeHandle): Promise<string> => {
  const { lines } = await node.$`iptables-save -t nat`;
  const first = chains.map((chain) => lines.find((line) => line.startsWith(`-A ${chain} `) && line.includes('-j KUBE-')) ?? '');
  return [...new Set(first.map((line) => /-j (KUBE-[A-Z]+)/.exec(line)?.[1] ?? 'none'))].join(', ');
};

const expectFirst = (node: NodeHandle, expect: Expect, wanted: string, how: string) =>
  expect.eventually('first jump in nat', '90s', async () => {
    const [first, rules] = await Promise.all([firstJumps(node), node.$`iptables-save -t nat`]);
    const jumps = rules.lines.filter((line) => /^-A (PREROUTING|OUTPUT) .*-j KUBE-/.test(line));
    const evidence = jumps.map((saw) => ({ at: `${node.name} iptables nat`, saw }));
    return { holds: first === wanted, from: node.name, expected: wanted, observed: first, how, evidence };
  });

/** kube-proxy puts its jumps first when it finds none of them: with them gone, a restart of it makes it the last to come. */
export const putKubeProxyFirst = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [cloud] = cast(lab).clouds;
  const [edge] = cast(lab).edges;
  if (!cloud || !edge) return;
  for (const chain of chains) {
    const jump = (await cloud.$`iptables -w -t nat -S ${chain}`).lines.find((line) => line.endsWith('-j KUBE-SERVICES'));
    if (jump === undefined) throw new Error(`kube-proxy has no jump in ${chain} of ${cloud.name}`);
    const comment = /--comment "([^"]*)"/.exec(jump)?.[1] ?? '';
    await cloud.$`iptables -w -t nat -D ${chain} -m comment --comment ${comment} -j KUBE-SERVICES`;
  }
  await cloud.$`pkill -x kube-proxy`;
  await expectFirst(cloud, expect, 'KUBE-SERVICES', 'kube-proxy came later, as it may after a restart of the node');
  await expect.eventually('pods that are not ready', '60s', async () => {
    const unready = (await lab.cluster()).pods.filter((pod) => !pod.ready).map(({ name }) => name);
    const observed = unready.join(', ') || 'none';
    return { holds: unready.length === 0, expected: 'none', observed, how: 'nothing in the cluster shows the trouble' };
  });
  await expect.reachAll(call(lab, cloud, { outcome: predict(lab).podIP(cloud, edge), within: '20s' }));
};

/** The agent puts its jumps first when it starts. */
export const restartAgent = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [cloud] = cast(lab).clouds;
  if (!cloud) return;
  await lab.kubectl`-n kubeedge delete pod -l k8s-app=edgemesh-agent --field-selector ${`spec.nodeName=${cloud.name}`} --wait=false`;
  await expectFirst(cloud, expect, 'KUBE-PORTALS', "after the agent's pod was deleted");
  await expect.reachAll(call(lab, cloud, { path: 'direct', within: '90s' }));
  await awaitRelay(lab, expect);
};

/** The agent of the cloud is the relay: with its restart all places at it are gone, and agents come back for theirs only now and then. */
const awaitRelay = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const results = await expect.reachAll(acrossLans(lab).map((spec) => ({ ...spec, claims: [] })));
  const seconds = Math.max(...results.map(({ check }) => check.seconds));
  expect.that(
    results.every(({ check }) => check.ok),
    'all calls across LANs again',
    {
      expected: 'within 180 s',
      observed: `after ${String(seconds)} s`,
      how: 'from the restart of the relay until agents had reserved their places again',
      evidence: results.slice(0, 1).flatMap(({ check }) => check.evidence),
    },
  );
};
