/** Who takes part, where a pod network is looked at: the nodes with the workload, and its pods on them. */
import type { LabHandle, NodeHandle, PodTarget } from 'edgelab';
import { cast } from '../question-1/cast.ts';

/** Each node with each other one. */
export const pairsOf = (lab: LabHandle): [NodeHandle, NodeHandle][] =>
  cast(lab).nodes.flatMap((from, _, nodes) => nodes.filter((to) => to !== from).map((to): [NodeHandle, NodeHandle] => [from, to]));

/** The instance of the workload on a node. */
export const echoOn = (lab: LabHandle, { name }: NodeHandle): PodTarget => lab.pod(cast(lab).workload, { on: name });

/** Whether pods' packets go as they are, or in VXLAN. */
export const isPlain = (lab: LabHandle): boolean => lab.install.calico?.encapsulation === 'none';
