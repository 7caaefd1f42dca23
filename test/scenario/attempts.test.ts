import test from 'ava';
import { makeAttempt, makeTokens } from '../../src/scenario/attempts.ts';
import type { Pod } from '../../src/scenario/cluster.ts';

const podOn = (node: string, hostNetwork: boolean): Pod => ({
  ...{ namespace: 'default', name: `echo-${node}`, node, ip: hostNetwork ? '192.168.1.11' : '10.244.1.2', hostNetwork },
  ...{ ready: true, labels: { app: 'echo' }, port: 80 },
});

const answererOf = (pod: Pod): unknown => {
  const attempt = makeAttempt(
    {
      from: { kind: 'pod', workload: 'echo', on: pod.node },
      to: { kind: 'pod', workload: 'echo', on: pod.node },
      ...{ protocol: 'http', outcome: 'reachable', timeoutSeconds: 1 },
    },
    { cluster: { pods: [pod], services: [] }, workloads: [], tokens: makeTokens(0) },
  );
  return typeof attempt === 'string' ? attempt : attempt.answerer;
};

test('a server is known by its pod, and by its node where it is in the network of that', (t) => {
  t.deepEqual(answererOf(podOn('edge-a1', false)), { pod: 'echo-edge-a1' });
  t.deepEqual(answererOf(podOn('edge-a1', true)), { pod: 'edge-a1' });
});
