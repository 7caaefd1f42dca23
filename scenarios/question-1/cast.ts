/** Who takes part in question 1: the workload everything is asked of, and the nodes that run it. */
import type { LabHandle, NodeHandle } from 'edgelab';

/** Services this scenario adds: one in front of every instance of the workload, one in front of nothing. */
export const added = { every: 'question-1-every', none: 'question-1-none' };

export const isEdge = ({ role }: NodeHandle): boolean => role === 'edge';
export const groupOf = (node: NodeHandle): 'edge' | 'cloud' => (isEdge(node) ? 'edge' : 'cloud');

/** The workload everything is asked of, and the nodes that have an instance of it. */
export const cast = (
  lab: LabHandle,
): { workload: string; port: number; nodes: NodeHandle[]; edges: NodeHandle[]; clouds: NodeHandle[] } => {
  const [workload] = lab.workloads;
  if (!workload) throw new Error('question 1 needs a workload in the topology: `workloads: { echo: { on: each-node, port: 80 } }`');
  const nodes = workload.nodes.map((name) => lab.node(name));
  return {
    workload: workload.name,
    port: workload.port,
    nodes,
    edges: nodes.filter(isEdge),
    clouds: nodes.filter((node) => !isEdge(node)),
  };
};

/** flannel in VXLAN on every node, as in the seed's own lab: only there its claims can be proved. */
export const seedLab = (lab: LabHandle): boolean =>
  lab.has('flannel', 'edge') && lab.has('flannel', 'cloud') && lab.install.flannel?.backend === 'vxlan';
