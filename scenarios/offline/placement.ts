/** Which DaemonSets stay off the edges, and what the affinity that the seed prints does. */
import type { Expect, LabHandle } from 'edgelab';
import { masterOf } from './cloud.ts';

export const checkDaemonSets = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const master = masterOf(lab).name;
  const { lines } = await lab.kubectl`get pods --all-namespaces --no-headers -o ${'custom-columns=N:.metadata.name,H:.spec.nodeName'}`;
  for (const [name, claims] of [
    ['kube-flannel', ['S002-8']],
    ['kube-proxy', ['S002-7', 'S002-8']],
  ] as const) {
    const where = lines.filter((line) => line.startsWith(`${name}-`)).map((line) => line.split(/\s+/)[1]);
    expect.equal(where.join(', '), master, `pods of ${name}`, {
      from: master,
      claims,
      how: 'node-role.kubernetes.io/edge DoesNotExist keeps it off the edges',
    });
  }
};

/** As the seed prints it: the key of another label, and no blank after the colon. */
const printed = (blank: string): string => `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: seed-affinity, namespace: default }
spec:
  selector: { matchLabels: { app: seed-affinity } }
  template:
    metadata: { labels: { app: seed-affinity } }
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{ name: pause, image: 'edgelab/pause:3.10' }]
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - key:${blank}node-role.kubernetes.io/kubeedge
                    operator: DoesNotExist
`;

export const checkSeedAffinity = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const from = masterOf(lab).name;
  const broken = await lab.kubectl({ nothrow: true, input: printed('') })`apply -f -`;
  expect.that(broken.exitCode !== 0, 'the affinity as the seed prints it', {
    from,
    refutes: ['S002-6'],
    expected: 'no YAML',
    observed: broken.exitCode === 0 ? 'accepted' : 'no YAML',
    how: broken.stderr.trim().split('\n').at(-1) ?? '',
  });
  await lab.kubectl({ input: printed(' ') })`apply -f -`;
  await expect.eventually('nodes that the repaired text leaves', '20s', async () => {
    const { text } = await lab.kubectl`get daemonset seed-affinity -o ${'jsonpath={.status.desiredNumberScheduled}'}`;
    const all = String(lab.nodes().length);
    return {
      holds: text === all,
      from,
      refutes: ['S002-6'],
      expected: all,
      observed: text,
      how: 'no node has that label, so it excludes nothing, edges neither',
    };
  });
  await removeSeedAffinity(lab);
};

export const removeSeedAffinity = (lab: LabHandle): Promise<unknown> =>
  lab.kubectl`delete daemonset seed-affinity --ignore-not-found --wait=false`;
