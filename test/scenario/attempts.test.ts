import test from 'ava';
import type { LabNode } from '../../src/model/lab.ts';
import { makeAttempt, makeTokens } from '../../src/scenario/attempts.ts';
import type { Pod } from '../../src/scenario/cluster.ts';
import { describeTarget, idOf } from '../../src/scenario/targets.ts';

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

const home = { name: 'laptop', site: 'home', role: 'host', address: '192.168.1.11', address6: '2001:db8:a::b' } as const;
const pinged = (node: LabNode, options: { ipv6?: boolean; byName?: boolean }) => {
  const to = { kind: 'address', node, ...options } as const;
  return makeAttempt(
    { from: { kind: 'node', ...home }, to, protocol: 'icmp', outcome: 'reachable', timeoutSeconds: 1 },
    { cluster: undefined, workloads: [], tokens: makeTokens(0) },
  );
};

test('a host is pinged at either of its addresses, or by its name', (t) => {
  t.like(pinged(home, {}), { host: '192.168.1.11' });
  t.like(pinged(home, { ipv6: true }), { host: '2001:db8:a::b' });
  const named = pinged(home, { ipv6: true, byName: true });
  t.true(typeof named === 'object' && named.argv.includes('-6') && named.argv.at(-1) === 'laptop.home' && named.host === undefined);
});

test('a host without IPv6 cannot be asked over it', (t) => {
  const { address6: _, ...old } = home;
  t.is(pinged(old, { ipv6: true }), 'laptop has no IPv6 address');
});

test('the table tells addresses and names of both families apart', (t) => {
  const target = (options: { ipv6?: boolean; byName?: boolean }) => ({ kind: 'address', node: home, ...options }) as const;
  t.is(describeTarget(target({})), 'address of laptop');
  t.is(describeTarget(target({ ipv6: true, byName: true })), 'IPv6 name of laptop');
  t.is(idOf({ kind: 'node', ...home }, target({ ipv6: true })), 'laptop>IPv6-address:laptop');
});
