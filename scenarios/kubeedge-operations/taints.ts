/** The taint of an edge, what a workload needs to get there, and the DaemonSets that go there although they cannot run. */
import type { Expect, LabHandle } from 'edgelab';
import { applyObjects, findEdge, listPods, ownLabel } from './cast.ts';

const key = 'node-role.kubernetes.io/edge';
const name = 'operations-edge-only';

const workload = (image: string, tolerations: object[]): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: ownLabel },
  spec: {
    selector: { matchLabels: { app: name } },
    strategy: { type: 'Recreate' },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        nodeSelector: { [key]: '' },
        tolerations,
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'pause', image, args: ['pause'] }],
      },
    },
  },
});

const imageOf = async (lab: LabHandle): Promise<string> =>
  (await lab.kubectl`get deployments -l edgelab.io/workload -o ${'jsonpath={.items[0].spec.template.spec.containers[0].image}'}`).text;

export const checkTaint = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  const image = await imageOf(lab);
  await lab.kubectl`taint node ${edge.name} ${`${key}=:NoSchedule`} --overwrite`;
  await applyObjects(lab, [workload(image, [])]);
  await expect.eventually('a pod without the toleration', '30s', async () => {
    const { text } =
      await lab.kubectl`get pods -l ${`app=${name}`} -o ${'jsonpath={.items[0].status.phase} {.items[0].spec.nodeName} {.items[0].status.conditions[?(@.type=="PodScheduled")].message}'}`;
    return {
      holds: text.startsWith('Pending') && text.includes(`untolerated taint {${key}: }`),
      ...{ from: 'kubectl', to: `pod for ${edge.name} without the toleration`, claims: ['S001-EDG-7'] },
      expected: 'not placed',
      observed: text.includes('untolerated') ? 'not placed' : text,
      how: text,
    };
  });
  await applyObjects(lab, [workload(image, [{ key, operator: 'Exists', effect: 'NoSchedule' }])]);
  await expect.eventually('a pod with the toleration', '60s', async () => {
    const pods = await listPods(lab, 'default', `app=${name}`);
    return {
      holds: pods.some((pod) => pod.node === edge.name && pod.ready),
      ...{ from: 'kubectl', to: `pod for ${edge.name} with the toleration`, claims: ['S001-EDG-7'] },
      expected: `runs on ${edge.name}`,
      observed: pods.map((pod) => `${pod.phase} on ${pod.node}`).join(', '),
      how: `toleration ${key} Exists NoSchedule`,
    };
  });
};

const notOnEdges = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        {
          matchExpressions: [
            { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
            { key, operator: 'DoesNotExist' },
          ],
        },
      ],
    },
  },
};

const setAffinity = (lab: LabHandle, affinity: object | null): Promise<unknown> =>
  lab.kubectl`-n kube-flannel patch daemonset kube-flannel-ds --type merge -p ${JSON.stringify({ spec: { template: { spec: { affinity } } } })}`;

/** flannel's own DaemonSet stands for the seed's calico: it tolerates every NoSchedule, and on an edge it has no API server to ask. */
export const checkBroadDaemonSet = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  await setAffinity(lab, null);
  await expect.eventually('flannel on the tainted edge', '90s', async () => {
    const pod = (await listPods(lab, 'kube-flannel', 'app=flannel')).find(({ node }) => node === edge.name);
    return {
      holds: pod !== undefined && !pod.ready,
      ...{ from: 'kubectl', to: `flannel's pod for ${edge.name}`, claims: ['S001-EDG-5'] },
      expected: 'placed, not ready',
      observed: pod === undefined ? 'not placed' : `placed, ${pod.ready ? 'ready' : 'not ready'}`,
      how: `its tolerations are broad, so the taint does not keep it away; it is ${pod?.phase ?? 'nowhere'}`,
    };
  });
};

export const checkAffinity = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const edge = findEdge(lab);
  await setAffinity(lab, notOnEdges);
  await expect.eventually('flannel after the patch', '90s', async () => {
    const pods = await listPods(lab, 'kube-flannel', 'app=flannel');
    const there = pods.filter(({ node }) => node === edge.name);
    return {
      holds: there.length === 0 && pods.length > 0 && pods.every(({ ready }) => ready),
      ...{ from: 'kubectl', to: `flannel's pods for ${edge.name}`, claims: ['S001-EDG-6'] },
      expected: 'none there, ready elsewhere',
      observed:
        there.length === 0 && pods.every(({ ready }) => ready)
          ? 'none there, ready elsewhere'
          : pods.map((pod) => `${pod.node} ${pod.phase}`).join(', '),
      how: `required affinity: ${key} DoesNotExist`,
    };
  });
};

export const restoreTaint = async (lab: LabHandle): Promise<void> => {
  await lab.kubectl({ nothrow: true })`taint node ${findEdge(lab).name} ${`${key}-`}`;
  await setAffinity(lab, notOnEdges);
};
