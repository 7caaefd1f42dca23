import test from 'ava';
import { findPod, parseCluster } from '../../src/scenario/cluster.ts';
import { toSeconds } from '../../src/scenario/duration.ts';
import { findWay, type Way } from '../../src/scenario/route.ts';
import { makeTokens } from '../../src/scenario/attempts.ts';
import { recorded } from '../evidence/recordings.ts';
import { readLab } from './fake-lab.ts';

test('durations are seconds, with or without a unit', (t) => {
  t.deepEqual([toSeconds(3), toSeconds('500ms'), toSeconds('1.5s'), toSeconds('2m')], [3, 0.5, 1.5, 120]);
  for (const wrong of ['', '5', '5 s', '-1s', '1h', -1, Number.NaN])
    t.throws(() => toSeconds(wrong as '1s'), { message: /is no duration/ }, String(wrong));
});

test('pods and Services are read from what kubectl lists', (t) => {
  const cluster = parseCluster(recorded('two-lans/cluster.txt'));
  t.like(findPod(cluster, 'echo', 'edge-a1'), {
    namespace: 'default',
    node: 'edge-a1',
    ip: '10.244.2.2',
    hostNetwork: false,
    ready: true,
    port: 80,
  });
  t.true(cluster.pods.find(({ name }) => name.startsWith('kube-proxy'))?.hostNetwork);
  t.like(
    cluster.services.find(({ name }) => name === 'kube-dns'),
    { clusterIP: '10.96.0.10', port: 53 },
  );
});

test('a pod without an address yet has none', (t) => {
  const [pod] = parseCluster('Pod\tdefault\techo-x\tedge-a1\t\t\tFalse\t80\t\t\t{"app":"echo"}\n').pods;
  t.like(pod, { name: 'echo-x', ready: false });
  t.is(pod?.ip, undefined);
});

const ways = test.macro({
  exec(t, topology: string, from: string, to: string, expected: Way) {
    const { lab } = readLab(topology);
    const node = (name: string) => lab.sites.flatMap(({ nodes }) => nodes).find((each) => each.name === name)!;
    t.is(findWay(lab, node(from), node(to)), expected);
  },
  title: (_, topology: string, from: string, to: string, expected: Way) =>
    `in ${topology} a packet from ${from} to ${to} goes: ${expected}`,
});

test(ways, 'two-lans', 'edge-a1', 'edge-a2', 'direct');
test(ways, 'two-lans', 'edge-a1', 'cloud', 'routed');
test(ways, 'two-lans', 'cloud', 'edge-a1', 'nowhere');
test(ways, 'two-lans', 'edge-a1', 'edge-b1', 'nowhere');
test(ways, 'same-subnet', 'edge-a1', 'edge-b1', 'shadowed');
test(ways, 'same-subnet', 'edge-b1', 'edge-a2', 'shadowed');
test(ways, 'same-subnet', 'cloud', 'edge-a2', 'nowhere');

test('tokens of one round are all different, and rounds of different seconds start elsewhere', (t) => {
  const tokens = makeTokens(59_000);
  const ports = Array.from({ length: 200 }, () => tokens.port());
  t.is(new Set(ports).size, 200);
  t.true(ports.every((port) => port >= 15_000 && port <= 30_000));
  const payloads = Array.from({ length: 200 }, () => tokens.payload());
  t.is(new Set(payloads).size, 200);
  t.not(makeTokens(1000).port(), makeTokens(2000).port());
});
