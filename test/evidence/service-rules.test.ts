import test from 'ava';
import { findServiceRules, parseRules } from '../../src/evidence/evidence.ts';
import { recorded } from './recordings.ts';

const rules = parseRules(recorded('two-lans/iptables-edge-a1.txt'));
const clusterIpOf = (service: string): string =>
  new RegExp(String.raw`-d (\S+)/32 .*"default/${service}`).exec(recorded('two-lans/iptables-edge-a1.txt'))?.[1] ?? 'none';

test('a ClusterIP leads through KUBE-SERVICES, KUBE-SVC and KUBE-SEP to the pod', (t) => {
  const found = findServiceRules(rules, clusterIpOf('echo-edge-a2:http'), 80);
  t.true(found.hooked);
  t.regex(found.chain ?? '', /^KUBE-SVC-/);
  t.is(found.endpoints.length, 1);
  t.like(found.endpoints[0], { marks: true, dnat: '10.244.4.2:80' });
  t.is(found.rejectsWith, undefined);
  t.deepEqual(
    found.rules.map(({ chain }) => chain.replace(/-[A-Z0-9]{16}$/, '')),
    ['PREROUTING', 'OUTPUT', 'KUBE-SERVICES', 'KUBE-SVC', 'KUBE-SEP', 'KUBE-SEP'],
  );
  t.true((found.rules.at(-1)?.packets ?? 0) > 0, 'the recorded attempts met the rule');
});

test('a Service without endpoints is rejected, not dropped', (t) => {
  const found = findServiceRules(rules, clusterIpOf('rec-none'), 80);
  t.is(found.rejectsWith, 'icmp-port-unreachable');
  t.false(found.drops);
  t.deepEqual(found.endpoints, []);
});

test('the choice among several endpoints has its probabilities', (t) => {
  const text = `*nat
-A PREROUTING -j KUBE-SERVICES
-A OUTPUT -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.9/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-A
-A KUBE-SVC-A ! -s 10.244.0.0/16 -d 10.96.0.9/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ
-A KUBE-SVC-A -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-1
-A KUBE-SVC-A -j KUBE-SEP-2
-A KUBE-SEP-1 -s 10.244.0.2/32 -j KUBE-MARK-MASQ
-A KUBE-SEP-1 -p tcp -m tcp -j DNAT --to-destination 10.244.0.2:80
-A KUBE-SEP-2 -p tcp -m tcp -j DNAT --to-destination 10.244.1.2:80
COMMIT
`;
  t.deepEqual(findServiceRules(parseRules(text), '10.96.0.9', 80).endpoints, [
    { chain: 'KUBE-SEP-1', probability: 0.5, marks: true, dnat: '10.244.0.2:80' },
    { chain: 'KUBE-SEP-2', marks: false, dnat: '10.244.1.2:80' },
  ]);
});

test('a rule that drops says so', (t) => {
  const text = '*filter\n-A KUBE-SERVICES -d 10.96.0.9/32 -p tcp -m tcp --dport 80 -j DROP\nCOMMIT\n';
  t.true(findServiceRules(parseRules(text), '10.96.0.9', 80).drops);
});

test('an unknown ClusterIP has no chain, and a port is not taken for a longer one', (t) => {
  t.is(findServiceRules(rules, '10.96.255.254', 80).chain, undefined);
  t.is(findServiceRules(rules, clusterIpOf('echo-edge-a2:http'), 8).chain, undefined);
});
