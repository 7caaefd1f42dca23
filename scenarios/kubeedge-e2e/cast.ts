/** Who takes part: one edge of each site; the pods of all cases, which carry one label. */
import type { LabHandle, NodeHandle } from 'edgelab';

/** The first edge of each site: where there are LANs, one behind each NAT. */
export const castEdges = (lab: LabHandle): NodeHandle[] =>
  lab.nodes('edge').filter(({ site, name }, _, edges) => edges.find((other) => other.site === site)?.name === name);

/** For the table. */
export const describeNat = (lab: LabHandle, { site }: NodeHandle): string => {
  const { router } = lab.site(site);
  return router ? `the ${router.natName} NAT of ${site}` : `${site}, which has no NAT`;
};

export const ownLabel = { 'edgelab.io/scenario': 'kubeedge-e2e' };
const selector = 'edgelab.io/scenario=kubeedge-e2e';

/** Whether to wait until nothing is left. */
export const removeObjects = (lab: LabHandle, wait: boolean): Promise<unknown> =>
  lab.kubectl({
    timeout: '120s',
  })`delete deployments,statefulsets,pods,configmaps,secrets -l ${selector} ${`--wait=${String(wait)}`} --timeout=110s`;

type ContainerStatus = {
  name: string;
  ready: boolean;
  restartCount: number;
  state: { running?: object; terminated?: { exitCode: number; reason?: string; message?: string } };
};

/** Of a pod as the API server has it, what the cases look at. */
export type PodObject = {
  metadata: { name: string; uid: string; labels: Record<string, string>; deletionTimestamp?: string };
  spec: { containers: { image: string }[]; activeDeadlineSeconds?: number };
  status: {
    phase: string;
    reason?: string;
    hostIP?: string;
    podIP?: string;
    conditions?: { type: string; status: string }[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
    ephemeralContainerStatuses?: ContainerStatus[];
  };
};

/** Gives the pods of all cases; who asks within a second of another has the same answer, since dozens of cases look at once. */
export type Reader = () => Promise<PodObject[]>;

export const makeReader = (lab: LabHandle): Reader => {
  let last = { at: 0, pods: Promise.resolve<PodObject[]>([]) };
  return () => {
    if (Date.now() - last.at > 1000) last = { at: Date.now(), pods: readPods(lab) };
    return last.pods;
  };
};

const readPods = async (lab: LabHandle): Promise<PodObject[]> => {
  const { stdout } = await lab.kubectl`get pods -l ${selector} -o json`;
  return (JSON.parse(stdout) as { items: PodObject[] }).items;
};

export const holds = ({ status }: PodObject, condition: string): boolean =>
  status.conditions?.find(({ type }) => type === condition)?.status === 'True';

export const isRunning = (pod: PodObject): boolean =>
  pod.status.phase === 'Running' && pod.metadata.deletionTimestamp === undefined && holds(pod, 'Ready');
