/** KubeEdge's own cases of deployments and StatefulSets. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { castEdges, isRunning, makeReader, ownLabel, type PodObject, type Reader } from './cast.ts';
import { makeSet, type Place } from './objects.ts';

type SetCase = {
  /** As upstream names it. */
  name: string;
  kind: 'Deployment' | 'StatefulSet';
  key: string;
  replicas: number;
  /** Which pods are deleted once all run, so that others have to come; none where it is absent. */
  victims?: (pod: PodObject) => boolean;
  /** How often. */
  deletions: number;
};

const cases: SetCase[] = [
  {
    name: 'E2E_APP_DEPLOYMENT_1: Create deployment and check the pods are coming up correctly',
    ...{ kind: 'Deployment', key: 'app-1', replicas: 1, deletions: 0 },
  },
  {
    name: 'E2E_APP_DEPLOYMENT_2: Create deployment with replicas and check the pods are coming up correctly',
    ...{ kind: 'Deployment', key: 'app-2', replicas: 3, deletions: 0 },
  },
  {
    name: 'E2E_APP_DEPLOYMENT_3: Create deployment and check deployment ctrler re-creating pods when user deletes the pods manually',
    ...{ kind: 'Deployment', key: 'app-3', replicas: 3, deletions: 1, victims: () => true },
  },
  { name: 'Basic StatefulSet test', kind: 'StatefulSet', key: 'set-1', replicas: 2, deletions: 0 },
  {
    name: 'Delete statefulSet pod multi times',
    ...{ kind: 'StatefulSet', key: 'set-2', replicas: 2, deletions: 3, victims: ({ metadata }) => metadata.name.endsWith('-1') },
  },
];

export const setObjects = (place: Place): object[] => cases.map(({ kind, key, replicas }) => makeSet(place, kind, key, replicas));

export const checkSets = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const read = makeReader(lab);
  await Promise.all(castEdges(lab).flatMap((edge) => cases.map((one) => checkSet(lab, expect, read, edge, one))));
  await checkDisappearance(lab, expect, read);
};

const checkSet = (lab: LabHandle, expect: Expect, read: Reader, edge: NodeHandle, one: SetCase): Promise<unknown> => {
  const app = `${one.key}-${edge.name}`;
  const deleted = new Set<string>();
  let rounds = 0;
  const say = (count: number): string => `${count} run${one.deletions > 0 ? `, after ${rounds} deletions` : ''}`;
  return expect.eventually(one.name, '150s', async () => {
    const pods = (await read()).filter(({ metadata }) => metadata.labels['app'] === app);
    const running = pods.filter((pod) => isRunning(pod) && !deleted.has(pod.metadata.uid));
    const all = running.length === one.replicas && pods.length === one.replicas;
    const details = {
      ...{ from: edge.name, observed: say(running.length) },
      expected: `${one.replicas} run${one.deletions > 0 ? `, after ${one.deletions} deletions` : ''}`,
      how: `${one.kind} ${app}`,
      evidence: pods.map(({ metadata, status }) => ({ at: edge.name, saw: `${metadata.name} ${status.phase} ${status.podIP ?? ''}` })),
    };
    if (!all || rounds === one.deletions) return { holds: all, ...details };
    const victims = running.filter((pod) => one.victims?.(pod) ?? false);
    for (const { metadata } of victims) deleted.add(metadata.uid);
    await lab.kubectl`delete pod ${victims.map(({ metadata }) => metadata.name)} --timeout=50s`;
    rounds += 1;
    return { holds: false, ...details };
  });
};

/** Upstream has it at the end of each of these cases; here all of them end together. */
const checkDisappearance = async (lab: LabHandle, expect: Expect, read: Reader): Promise<void> => {
  const selector = Object.entries(ownLabel).map((pair) => pair.join('='));
  await lab.kubectl`delete deployments,statefulsets -l ${selector} --wait=false`;
  await expect.eventually('pods of deleted deployments and StatefulSets', '150s', async () => {
    const left = (await read()).map(({ metadata }) => metadata.name).filter((name) => /^(app|set)-/.test(name));
    return {
      ...{ holds: left.length === 0, from: 'kubectl', expected: 'none left', observed: left.join(', ') || 'none left' },
      how: 'each is there until its edge has said that it ended',
    };
  });
};
