/** Small builders shared by components: who is cloud, who is edge, and steps without repetition. */
import type { Lab, LabNode } from '../model/lab.ts';
import type { FileSpec, Script, Step, StepId } from '../model/plan.ts';

/** Every node of the lab, in the topology's order. */
export const allNodes = (lab: Lab): LabNode[] => lab.sites.flatMap((site) => site.nodes);

/** Nodes that run a kubelet: control plane first, then workers. */
export const cloudNodes = (lab: Lab): LabNode[] => [
  ...allNodes(lab).filter((node) => node.role === 'control-plane'),
  ...allNodes(lab).filter((node) => node.role === 'worker'),
];

/** Nodes that run edgecore, in the topology's order. */
export const edgeNodes = (lab: Lab): LabNode[] => allNodes(lab).filter((node) => node.role === 'edge');

/** The one control-plane node; resolve guarantees it when Kubernetes is installed. */
export const controlPlane = (lab: Lab): LabNode => {
  const node = allNodes(lab).find(({ role }) => role === 'control-plane');
  if (!node) throw new Error('a component was planned for a lab without a control-plane node');
  return node;
};

/** What is said of Kubernetes; plans of its components are made only where it is installed. */
export const kubernetesOf = (lab: Lab): NonNullable<Lab['install']['kubernetes']> => {
  if (!lab.install.kubernetes) throw new Error('a component needs Kubernetes and the lab has none');
  return lab.install.kubernetes;
};

/**
 * How long to wait for what KubeEdge tells an edge or learns of it, in seconds: two answers lost one after the other, each
 * asked for again after 60 s (docs/adr/0004), and the time it takes when none is.
 */
export const edgeNewsSeconds = 240;

/** What steps of every kind say of themselves. */
export type Common = { id: StepId; title: string; phase: string; needs: StepId[]; timeoutSeconds: number };

/** A script run to its end in one container. */
export const execStep = (
  common: Common,
  container: string,
  script: Script,
  more: { files?: FileSpec[]; capture?: Step['capture'] } = {},
): Step => ({
  ...common,
  action: { do: 'exec', container, script, ...(more.files ? { files: more.files } : {}) },
  ...(more.capture ? { capture: more.capture } : {}),
});

/** A script that itself waits inside the container; its last line is quoted when the deadline passes. */
export const waitStep = (common: Common, container: string, script: Script, verifies = false, mend?: Script): Step => ({
  ...common,
  action: { do: 'wait', container, script },
  ...(verifies ? { verifies } : {}),
  ...(mend ? { mend } : {}),
});

/**
 * Waits until containerd answers: the last unit a node needs before anything is installed on it.
 * Nothing may be executed through systemd before it is up (bring-up order).
 */
export const awaitRuntime = `until systemctl is-active --quiet containerd 2>/dev/null; do sleep 0.1; done`;
