/** A NetworkPolicy of Kubernetes: who may call one pod. Whether it holds is the pod network's business. */
import type { Expect, LabHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';
import { echoOn } from './cast.ts';

const name = 'only-the-control-plane';

/** Pods on `to` take calls from pods on `from` and from no one else. */
const policy = (from: string, to: string, workload: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'default' },
  spec: {
    podSelector: { matchLabels: { app: workload, 'edgelab.io/node': to } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { 'edgelab.io/node': from } } }] }],
  },
});

export const removePolicy = (lab: LabHandle): Promise<unknown> =>
  lab.kubectl({ nothrow: true })`delete networkpolicy ${name} --ignore-not-found`;

export const checkPolicy = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [friend, stranger, target] = cast(lab).nodes;
  if (!friend || !stranger || !target) throw new Error('this scenario needs three nodes in the cluster');
  const to = echoOn(lab, target);
  const claims = ['S003-CA-3'];
  await expect.reach([echoOn(lab, friend), echoOn(lab, stranger)], to, { claims });
  await lab.kubectl({ input: JSON.stringify(policy(friend.name, target.name, to.workload)) })`apply -f -`;
  // the stranger's calls end when Felix has its rules, and only then does an answer to the friend prove anything
  await expect.eventually(`pod on ${target.name}, with a policy for ${friend.name} only`, '20s', async () => {
    const { name: pod } = await lab.findPod(echoOn(lab, stranger));
    const { ip } = await lab.findPod(to);
    const { exitCode } = await lab.kubectl({ nothrow: true })`exec ${pod} -- ping -n -c 1 -W 1 ${ip}`;
    return {
      holds: exitCode !== 0,
      from: `pod on ${stranger.name}`,
      claims,
      expected: 'no answer to a ping',
      observed: exitCode === 0 ? 'an answer' : 'no answer to a ping',
      how: 'NetworkPolicy of Kubernetes, made so by Felix',
    };
  });
  await expect.reach(echoOn(lab, stranger), to, { outcome: 'timeout', claims });
  await expect.reach(echoOn(lab, friend), to, { claims });
  await removePolicy(lab);
  await expect.reach(echoOn(lab, stranger), to, { within: '20s', claims });
};
