import test from 'ava';
import { step } from '../../src/scenario/scenario.ts';
import { makeFakeLab, replay, run } from './fake-lab.ts';

const saved = `*nat
:PREROUTING ACCEPT [0:0]
[7:420] -A KUBE-SERVICES -d 10.105.151.180/32 -p tcp -m comment --comment "default/echo-edge-a2:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-AAAA
[7:420] -A KUBE-SVC-AAAA -m comment --comment "default/echo-edge-a2:http" -j KUBE-SEP-BBBB
[7:420] -A KUBE-SEP-BBBB -p tcp -m tcp -j DNAT --to-destination 10.244.3.2:80
[0:0] -A KUBE-SERVICES -d 10.99.0.1/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-CCCC
COMMIT
---
tcp      6 115 SYN_SENT src=10.244.2.2 dst=10.105.151.180 sport=1 dport=80 [UNREPLIED] src=10.244.3.2 dst=10.244.2.2 sport=80 dport=1
`;

test('what did not hold shows the rules that its target met, with their counters, before the hops; what held asks nothing more', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  fake.engine.when('edge-a1', 'iptables-save').answers({ stdout: saved });
  const { result } = run(fake, {
    steps: [
      step('one', ({ lab, expect }) =>
        expect.reach(lab.pod('echo', { on: 'edge-a1' }), lab.service('echo', { on: 'edge-a2' }), { outcome: 'timeout' }),
      ),
    ],
  });
  const [check] = (await result).checks;
  t.false(check?.ok);
  const rows = check?.evidence.map(({ at, saw }) => `${at} | ${saw}`) ?? [];
  t.regex(rows[0] ?? '', /edge-a1 pod/);
  const rules = rows.filter((row) => row.includes('so far'));
  t.deepEqual(
    rules.map((row) => row.split(' | ')[0]),
    ['edge-a1 nat KUBE-SERVICES', 'edge-a1 nat KUBE-SVC-AAAA', 'edge-a1 nat KUBE-SEP-BBBB'],
  );
  t.regex(rules[0] ?? '', /7 packets so far/);
  t.false(rows.some((row) => row.includes('10.99.0.1')));
  const before = fake.engine.commands('edge-a1').length;
  const held = run(fake, {
    steps: [step('one', ({ lab, expect }) => expect.reach(lab.pod('echo', { on: 'edge-a1' }), lab.service('echo', { on: 'edge-a2' })))],
  });
  t.is((await held.result).verdict, 'passed');
  t.is(fake.engine.commands('edge-a1').length - before, 3);
});
