/** A case of Kubernetes' node conformance, and the ways to look at its pod. */
import type { LabHandle, NodeHandle } from 'edgelab';
import type { PodObject } from './cast.ts';

export type Seen = { lab: LabHandle; edge: NodeHandle; pod: PodObject };

export type ConformanceCase = {
  /** As Kubernetes names it. */
  name: string;
  /** Key of its pod; several cases may look at one. */
  pod: string;
  /** It holds once both are equal. */
  look: (seen: Seen) => Promise<{ expected: string; observed: string }>;
};

/** What a container that has ended printed; until then its pod's phase. */
export const readOutput = async ({ lab, pod }: Seen, container: string): Promise<string> => {
  const { name } = pod.metadata;
  const ended = pod.status.containerStatuses?.find((one) => one.name === container)?.state.terminated;
  if (!ended) return pod.status.phase;
  const { text, stderr } = await lab.kubectl({ nothrow: true })`logs ${name} -c ${container}`;
  return text || stderr.trim();
};

/** Of lines `NAME=value`, those of these names, in their order. */
export const pickLines = (text: string, names: readonly string[]): string => {
  const lines = text.split('\n');
  return names.map((name) => lines.find((line) => line.startsWith(`${name}=`)) ?? `no ${name}`).join(' ');
};
