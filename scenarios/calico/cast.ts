/** Who takes part: the nodes of the cluster, their echo pods and their calico-node. */
import type { LabHandle, NodeHandle, PodTarget } from 'edgelab';

export const nodesOf = (lab: LabHandle): NodeHandle[] => [...lab.nodes('control-plane'), ...lab.nodes('worker')];

/** Each node with each other one. */
export const pairsOf = (lab: LabHandle): [NodeHandle, NodeHandle][] =>
  nodesOf(lab).flatMap((from) =>
    nodesOf(lab)
      .filter((to) => to.name !== from.name)
      .map((to): [NodeHandle, NodeHandle] => [from, to]),
  );

/** The instance of the first workload on a node. */
export const echoOn = (lab: LabHandle, { name }: NodeHandle): PodTarget => {
  const [workload] = lab.workloads;
  if (!workload) throw new Error('this scenario needs a workload in the topology: `workloads: { echo: { on: each-node, port: 80 } }`');
  return lab.pod(workload.name, { on: name });
};

/** Whether pods' packets go as they are, or in VXLAN. */
export const isPlain = (lab: LabHandle): boolean => lab.install.calico?.encapsulation === 'none';
