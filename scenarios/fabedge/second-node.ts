/** Cloud nodes that are not the connector: what leads their pods to it, and what happens where that is missing (FabEdge issue 358). */
import type { Expect, LabHandle, NodeHandle, ReachSpec } from 'edgelab';
import { cast, findConnector, readPodCidrs } from './cast.ts';

/** Table that FabEdge and strongSwan share. */
const table = '220';
const nowhere = { 'edgelab.io/nowhere': 'true' };

/** The first cloud node that is not the connector. */
const findOther = async (lab: LabHandle): Promise<NodeHandle> => {
  const connector = await findConnector(lab);
  const other = cast(lab).clouds.find(({ name }) => name !== connector.name);
  if (!other) throw new Error('this scenario needs a cloud node beside the connector');
  return other;
};

/** The connector tells its routes by memberlist; the agent there writes them down. */
export const checkRoutes = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [other, connector, podCidrs] = await Promise.all([findOther(lab), findConnector(lab), readPodCidrs(lab)]);
  const { stdout: agents } =
    await lab.kubectl`get pods -n fabedge -l ${'app=fabedge-cloud-agent'} -o ${'jsonpath={.items[*].spec.nodeName}'}`;
  expect.equal(agents, other.name, 'cloud nodes with a cloud-agent', { from: connector.name, how: 'all but the connector' });
  const edges = cast(lab).edges.map(({ name }) => podCidrs.get(name) ?? '');
  await expect.eventually('routes to the pods of the edges', '60s', async () => {
    const { lines } = await other.$({ nothrow: true })`ip route show table ${table}`;
    const missing = edges.filter((cidr) => !lines.some((line) => line.startsWith(`${cidr} via `) && line.includes('dev flannel.1')));
    return {
      ...{
        holds: missing.length === 0,
        from: other.name,
        expected: 'one for each edge',
        observed: missing.length === 0 ? 'one for each edge' : `none to ${missing.join(', ')}`,
      },
      how: `table ${table}, through flannel to ${connector.name}: told by the connector, kept by the cloud-agent`,
      evidence: lines.map((raw) => ({ at: `${other.name} table ${table}`, saw: 'a route', raw })),
    };
  });
};

const patchAgents = (lab: LabHandle, nodeSelector: Record<string, string | null>): Promise<unknown> => {
  const patch = JSON.stringify({ spec: { template: { spec: { nodeSelector } } } });
  return lab.kubectl`patch daemonset fabedge-cloud-agent -n fabedge --type=merge -p ${patch}`;
};

/** As if the agent had never run there: its pods end, and what they wrote goes. */
export const removeAgents = async (lab: LabHandle): Promise<void> => {
  const other = await findOther(lab);
  await patchAgents(lab, nowhere);
  await lab.kubectl`wait pods -n fabedge -l ${'app=fabedge-cloud-agent'} --for=delete --timeout=50s`;
  await other.$`ip route flush table ${table}`;
};

export const restoreAgents = (lab: LabHandle): Promise<unknown> =>
  patchAgents(lab, Object.fromEntries(Object.keys(nowhere).map((key) => [key, null])));

/** From a pod there to each edge's pod. */
export const fromOther = async (lab: LabHandle, more: Partial<ReachSpec>): Promise<ReachSpec[]> => {
  const other = await findOther(lab);
  const { workload, edges } = cast(lab);
  return edges.map(({ name }): ReachSpec => ({
    from: lab.pod(workload, { on: other.name }),
    to: lab.pod(workload, { on: name }),
    ...more,
  }));
};

/**
 * What leaves the gateway for a tunnel must keep the pod's own address, or no tunnel takes it: flannel's masquerade comes after
 * FabEdge's rules (OpenYurt's raven fell for that, its issue 184).
 */
export const checkOrder = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const connector = await findConnector(lab);
  const { lines } = await connector.$`iptables -t nat -S POSTROUTING`;
  const place = (chain: string): number => lines.findIndex((line) => line.endsWith(`-j ${chain}`));
  const [own, flannel] = [place('FABEDGE-POSTROUTING'), place('FLANNEL-POSTRTG')];
  expect.that(own >= 0 && (flannel < 0 || own < flannel), "FabEdge's rules before flannel's masquerade", {
    from: connector.name,
    how: 'a cloud pod that asks an edge pod keeps its address on the way into the tunnel',
    evidence: lines.map((raw) => ({ at: `${connector.name} nat POSTROUTING`, saw: 'a rule', raw })),
  });
};
