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

/** Of a container, from the edge; soon given up, for one that waits while edgecore starts again is never answered. */
export const readLog = async ({ lab, pod }: Seen, container: string): Promise<string> => {
  const { text, stderr } = await lab.kubectl({ nothrow: true, timeout: '15s' })`logs ${pod.metadata.name} -c ${container} --tail=20`;
  return text || stderr.trim();
};

/** What a container that has ended printed; until then its pod's phase. */
export const readOutput = async (seen: Seen, container: string): Promise<string> => {
  const { status } = seen.pod;
  const ended = status.containerStatuses?.find((one) => one.name === container)?.state.terminated;
  return ended ? readLog(seen, container) : status.phase;
};

/** Of lines `NAME=value`, those of these names, in their order. */
export const pickLines = (text: string, names: readonly string[]): string => {
  const lines = text.split('\n');
  return names.map((name) => lines.find((line) => line.startsWith(`${name}=`)) ?? `no ${name}`).join(' ');
};
