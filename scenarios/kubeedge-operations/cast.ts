/** Who takes part: the control plane, the cloud nodes, and the edge of the seed's lab. */
import type { LabHandle, NodeHandle } from 'edgelab';

export const findMaster = (lab: LabHandle): NodeHandle => {
  const [master] = lab.nodes('control-plane');
  if (!master) throw new Error('the lab has no control plane');
  return master;
};

export const cloudNodes = (lab: LabHandle): NodeHandle[] => [...lab.nodes('control-plane'), ...lab.nodes('worker')];

export const findEdge = (lab: LabHandle): NodeHandle => {
  const [edge] = lab.nodes('edge');
  if (!edge) throw new Error('the lab has no edge');
  return edge;
};

export type PodState = { name: string; node: string; phase: string; ready: boolean; ip: string };

/** Pods by a label, `app=x`, as `kubectl get` knows them. */
export const listPods = async (lab: LabHandle, namespace: string, label: string): Promise<PodState[]> => {
  const columns =
    'custom-columns=N:.metadata.name,O:.spec.nodeName,P:.status.phase,R:.status.conditions[?(@.type=="Ready")].status,I:.status.podIP';
  const { lines } = await lab.kubectl`-n ${namespace} get pods -l ${label} --no-headers -o ${columns}`;
  return lines.map((line) => {
    const [name = '', node = '', phase = '', ready = '', ip = ''] = line.split(/\s+/);
    return { name, node, phase, ready: ready === 'True', ip };
  });
};

/** The pod of the lab's workload on a node. */
export const echoPod = async (lab: LabHandle, node: string): Promise<string> => {
  const [workload] = lab.workloads;
  if (!workload) throw new Error('this scenario needs a workload in the topology: `workloads: { echo: { on: each-node, port: 80 } }`');
  return (await lab.findPod(lab.pod(workload.name, { on: node }))).name;
};

/** Applies objects; all of them carry the label by which `removeObjects` finds them. */
export const applyObjects = (lab: LabHandle, items: readonly object[]): Promise<unknown> =>
  lab.kubectl({ input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) })`apply --validate=false -f -`;

export const ownLabel = { 'edgelab.io/scenario': 'kubeedge-operations' };

export const removeObjects = (lab: LabHandle): Promise<unknown> =>
  lab.kubectl({
    nothrow: true,
  })`delete deployments,daemonsets -l ${'edgelab.io/scenario=kubeedge-operations'} --ignore-not-found --wait=false`;
