/** flannel gives pods a network and no policy: the API server takes a NetworkPolicy, and nothing comes of it. Calico's lab shows the other half. */
import type { Expect, LabHandle } from 'edgelab';
import { echoOn } from '../calico/cast.ts';
import { cast } from '../question-1/cast.ts';

const name = 'no-calls';

export const removePolicy = (lab: LabHandle): Promise<unknown> =>
  lab.kubectl({ nothrow: true })`delete networkpolicy ${name} --ignore-not-found`;

export const checkNoPolicy = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { workload, clouds } = cast(lab);
  const [from, to] = clouds;
  if (!from || !to) throw new Error('this scenario needs two cloud nodes');
  const policy = {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'default' } },
    spec: { podSelector: { matchLabels: { app: workload, 'edgelab.io/node': to.name } }, policyTypes: ['Ingress'] },
  };
  await lab.kubectl({ input: JSON.stringify(policy) })`apply -f -`;
  const target = await lab.findPod(echoOn(lab, to));
  const caller = await lab.findPod(echoOn(lab, from));
  // five seconds: a network with policy has closed the door by then
  const { stdout } = await lab.kubectl({ nothrow: true })`exec ${caller.name} -- ping -n -q -c 10 -i 0.5 -W 1 ${target.ip}`;
  const received = /(\d+) received/.exec(stdout)?.[1] ?? '0';
  expect.equal(received, '10', `pings to a pod on ${to.name} that a NetworkPolicy lets nobody in to`, {
    from: `pod on ${from.name}`,
    how: 'flannel has no network policy: the object is there and nothing reads it',
  });
  await removePolicy(lab);
};
