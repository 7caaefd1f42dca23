/** KubeEdge's own cases of single pods. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { castEdges, isRunning, makeReader, type Reader } from './cast.ts';
import { applyObjects, makePod, pause, type Place, type PodSpec } from './objects.ts';

type PodCase = {
  /** As upstream names it. */
  name: string;
  key: string;
  spec?: PodSpec;
  /** How often it is deleted; each time but the last another one is made. */
  deletions: number;
  /** Deletes it once more. */
  again?: true;
  /** What is seen in it while it runs, and what should be. */
  inside?: { look: (edge: NodeHandle, pod: string) => Promise<string>; expected: string };
};

/** Its host's name, which is its own, is what it leaves in the folder. */
const hostPath: PodSpec = {
  containers: [
    {
      name: 'writer',
      command: ['sh', '-c', 'touch /hp/$(hostname); exec sleep 600'],
      volumeMounts: [{ name: 'hp', mountPath: '/hp' }],
    },
  ],
  volumes: [{ name: 'hp', hostPath: { path: '/tmp' } }],
};

const cases: PodCase[] = [
  { name: 'E2E_POD_DEPLOYMENT_1: Create a pod and check the pod is coming up correctly', key: 'pod-1', deletions: 0 },
  { name: 'E2E_POD_DEPLOYMENT_2: Create the pod and delete pod happening successfully', key: 'pod-2', deletions: 1 },
  {
    name: 'E2E_POD_DEPLOYMENT_3: Create pod and delete the pod successfully, and delete already deleted pod and check the behaviour',
    ...{ key: 'pod-3', deletions: 1, again: true },
  },
  {
    name: 'E2E_POD_DEPLOYMENT_4: Create and delete pod multiple times and check all the Pod created and deleted successfully',
    ...{ key: 'pod-4', deletions: 3 },
  },
  {
    name: 'E2E_POD_DEPLOYMENT_5: Create pod with hostpath volume successfully',
    ...{ key: 'pod-5', deletions: 1, spec: hostPath },
    inside: {
      look: async (edge, pod) => {
        const { exitCode } = await edge.$({ nothrow: true })`rm ${`/tmp/${pod}`}`;
        return exitCode === 0 ? 'its file is in /tmp of the edge' : 'its file is not there';
      },
      expected: 'its file is in /tmp of the edge',
    },
  },
];

const objectOf = (place: Place, { key, spec }: PodCase, round = 1): object =>
  makePod(place, `${key}-${round}`, spec ?? { containers: [pause] });

export const podObjects = (place: Place): object[] => cases.map((one) => objectOf(place, one));

export const checkPods = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const read = makeReader(lab);
  await Promise.all(castEdges(lab).flatMap((edge) => cases.map((one) => checkPod(lab, expect, read, edge, one))));
};

const describe = (ran: number, deleted: number, inside?: string, again?: string): string =>
  [`ran ${ran} x`, inside, `deleted ${deleted} x`, again].filter((part) => part !== undefined).join(', ');

const checkPod = (lab: LabHandle, expect: Expect, read: Reader, edge: NodeHandle, one: PodCase): Promise<unknown> => {
  let [ran, deleted] = [0, 0];
  let inside: string | undefined;
  let again: string | undefined;
  const expected = describe(Math.max(one.deletions, 1), one.deletions, one.inside?.expected, one.again && 'NotFound');
  return expect.eventually(one.name, '150s', async () => {
    const name = `${one.key}-${deleted + 1}-${edge.name}`;
    const pod = (await read()).find(({ metadata }) => metadata.name === name);
    if (pod && isRunning(pod) && ran === deleted) {
      ran += 1;
      inside = await one.inside?.look(edge, name);
      if (one.deletions > 0) {
        await lab.kubectl`delete pod ${name} --timeout=50s`;
        deleted += 1;
      }
      if (deleted < one.deletions) await applyObjects(lab, [edge], [(place) => [objectOf(place, one, deleted + 1)]]);
      if (one.again) again = /\((\w+)\)/.exec((await lab.kubectl({ nothrow: true })`delete pod ${name}`).stderr)?.[1];
    }
    const observed = describe(ran, deleted, inside, again);
    return { holds: observed === expected, from: edge.name, expected, observed, how: `pod ${name}` };
  });
};
