/** Who takes part: the workload everything is asked of, the edges, the cloud nodes and the connector among them. */
import type { LabHandle, NodeHandle } from 'edgelab';

export type Cast = { workload: string; edges: NodeHandle[]; clouds: NodeHandle[] };

export const cast = (lab: LabHandle): Cast => {
  const [workload] = lab.workloads;
  if (!workload) throw new Error('this scenario needs a workload in the topology: `workloads: { echo: { on: each-node, port: 80 } }`');
  const nodes = workload.nodes.map((name) => lab.node(name));
  return {
    workload: workload.name,
    edges: nodes.filter(({ role }) => role === 'edge'),
    clouds: nodes.filter(({ role }) => role === 'control-plane' || role === 'worker'),
  };
};

/** The node that FabEdge's label names. */
export const findConnector = async (lab: LabHandle): Promise<NodeHandle> => {
  const { stdout } = await lab.kubectl`get nodes -l node-role.kubernetes.io/connector -o ${'jsonpath={.items[0].metadata.name}'}`;
  return lab.node(stdout.trim());
};

/** Node → its podCIDR. */
export const readPodCidrs = async (lab: LabHandle): Promise<Map<string, string>> => {
  const { lines } = await lab.kubectl`get nodes --no-headers -o ${'custom-columns=N:.metadata.name,C:.spec.podCIDR'}`;
  return new Map(lines.map((line) => line.split(/\s+/) as [string, string]));
};

/** Every ordered pair of different members. */
export const pairsOf = <T>(items: readonly T[]): [T, T][] =>
  items.flatMap((from) => items.filter((to) => to !== from).map((to): [T, T] => [from, to]));
