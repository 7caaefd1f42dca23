import anyTest from 'ava';
import { step } from '../../src/scenario/scenario.ts';
import { checksOf, commands, makeFakeLab, replay, run } from './fake-lab.ts';

// one after another: each run watches the process for rejections nobody handles
const test = anyTest.serial;

/** The attempts of the recorded round, in their order. */
const recordedRound = step('one', async ({ lab, expect }) => {
  const pod = (on: string) => lab.pod('echo', { on });
  await expect.reachAll([
    { from: pod('edge-a1'), to: pod('edge-a2'), path: 'direct', source: '10.244.2.2' },
    { from: pod('edge-a1'), to: lab.service('echo', { on: 'edge-a2' }), claims: ['S000-Q1-12'] },
    { from: pod('edge-a1'), to: pod('cloud'), outcome: 'timeout' },
    { from: pod('edge-a1'), to: lab.dns('echo', { on: 'edge-a2' }), outcome: 'timeout' },
    { from: pod('edge-a1'), to: pod('edge-a2'), protocol: 'icmp' },
    { from: lab.node('edge-a1'), to: lab.address('cloud'), path: ['direct', 'routed'] },
    { from: lab.node('edge-a1'), to: lab.service('echo', { on: 'edge-a2' }) },
    { from: lab.node('cloud'), to: lab.address('edge-a1'), outcome: 'unreachable' },
    { from: pod('cloud'), to: lab.service('echo', { on: 'edge-a1' }), outcome: 'timeout' },
    { from: lab.node('cloud'), to: pod('cloud'), path: 'local' },
    { from: pod('cloud'), to: pod('cloud') },
    { from: pod('edge-b1'), to: lab.service('echo', { on: 'edge-a2' }), outcome: 'timeout' },
    { from: pod('edge-a1'), to: lab.service('rec-none'), outcome: 'refused' },
  ]);
});

test('a recorded round gives the verdicts it gave on the lab', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  const checks = await checksOf(fake, recordedRound);
  t.deepEqual(
    checks.map(({ id, expected, observed, ok }) => `${id} ${expected} | ${observed} ${ok ? 'ok' : 'NOT OK'}`),
    [
      'echo@edge-a1>podIP:edge-a2 reachable, direct, source 10.244.2.2 | reachable, direct, source 10.244.2.2 ok',
      'echo@edge-a1>ClusterIP:edge-a2 reachable | reachable ok',
      'echo@edge-a1>podIP:cloud timeout | timeout ok',
      'echo@edge-a1>name:edge-a2 timeout | timeout ok',
      'echo@edge-a1>podIP:edge-a2/icmp reachable | reachable ok',
      'edge-a1>address:cloud reachable, direct or routed | reachable, routed ok',
      'edge-a1>ClusterIP:edge-a2 reachable | reachable ok',
      'cloud>address:edge-a1 unreachable | unreachable ok',
      'echo@cloud>ClusterIP:edge-a1 timeout | timeout ok',
      'cloud>podIP:cloud reachable, local | reachable, local ok',
      'echo@cloud>podIP:cloud reachable | reachable ok',
      'echo@edge-b1>ClusterIP:edge-a2 timeout | timeout ok',
      'echo@edge-a1>ClusterIP:rec-none refused | refused ok',
    ],
  );
  t.is(checks[0]?.how, 'VXLAN from 192.168.1.11 to 192.168.1.12, direct on lan-a; server saw 10.244.2.2');
  t.regex(checks[2]?.how ?? '', /SYN-ACK left cloud for 192\.168\.1\.11:8472 in VXLAN, lost at internet-core/);
  t.regex(checks[3]?.how ?? '', /^name lookup: query reached cloud/);
  t.true(checks.every(({ evidence }) => evidence.length > 0));
  t.deepEqual(checks[1]?.claims, ['S000-Q1-12']);
  t.true(checks[1]?.evidence.some(({ at, saw }) => at === 'edge-a1 conntrack' && saw.includes('10.105.151.180 translated to 10.244.4.2')));
});

test('probes of one node take one command, captures two per container', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  await checksOf(fake, recordedRound);
  t.deepEqual(
    ['edge-a1', 'edge-b1', 'lan-a-router'].map((name) => fake.engine.commands(name).length),
    [3, 3, 2],
  );
  t.is(fake.engine.commands('cloud').length, 4, 'and kubectl');
});

test('an expectation of another path or source fails and shows both', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  const [first] = await checksOf(
    fake,
    step('one', ({ lab, expect }) =>
      expect.reach(lab.pod('echo', { on: 'edge-a1' }), lab.pod('echo', { on: 'edge-a2' }), { path: 'routed', source: '10.244.9.9' }),
    ),
  );
  t.like(first, { ok: false, expected: 'reachable, routed, source 10.244.9.9', observed: 'reachable, direct, source 10.244.2.2' });
});

test('an answer from another pod does not count as reached', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  // the recorded answer to the first probe of edge-a1 came from the pod of edge-a2
  const [first] = await checksOf(
    fake,
    step('one', ({ lab, expect }) => expect.reach(lab.pod('echo', { on: 'edge-a1' }), lab.pod('echo', { on: 'edge-b1' }))),
  );
  t.like(first, { ok: false, observed: 'unreachable' });
  t.regex(first?.how ?? '', /^echo-edge-a2-\S+ answered instead of echo-edge-b1-/);
});

test('a probe that could not run is inconclusive, whatever was expected', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  fake.engine.when('edge-a1', commands.probes).fails(127, 'sh: not found');
  const checks = await checksOf(
    fake,
    step('one', ({ lab, expect }) =>
      expect.reach(lab.pod('echo', { on: 'edge-a1' }), lab.pod('echo', { on: 'cloud' }), { outcome: 'timeout' }),
    ),
  );
  t.like(checks[0], { ok: false, observed: 'inconclusive' });
  t.is(checks[0]?.how, 'probes on edge-a1 could not run (exit code 127): sh: not found');
  t.deepEqual(checks[0]?.evidence.length, 1);
});

test('a pod or Service that is not there is inconclusive and named', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  const checks = await checksOf(
    fake,
    step('one', ({ lab, expect }) =>
      expect.reach(lab.node('cloud'), [
        lab.pod('nobody', { on: 'edge-a1' }),
        lab.service('nothing'),
        lab.service('echo', { on: 'cloud', namespace: 'other' }),
      ]),
    ),
  );
  t.deepEqual(
    checks.map(({ observed, how }) => `${observed}: ${how}`),
    [
      'inconclusive: no pod of nobody has an address on edge-a1',
      'inconclusive: there is no Service nothing in namespace default',
      'inconclusive: there is no Service echo-cloud in namespace other',
    ],
  );
});

test('without captures the verdict stands on the probe alone', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  fake.engine.when('*', commands.startCapture).fails(1, 'tcpdump: not found');
  const [first] = await checksOf(
    fake,
    step('one', ({ lab, expect }) => expect.reach(lab.pod('echo', { on: 'edge-a1' }), lab.pod('echo', { on: 'edge-a2' }))),
  );
  t.like(first, { ok: true, observed: 'reachable' });
  t.regex(first?.how ?? '', /^echo-edge-a2-\S+ answered$/);
  t.is(first?.path, undefined);
});

/** The recorded output with a refusal in place of its first answer. */
const refusedOnce = (stdout: string): string =>
  stdout.replace(/^0\.code:0$/m, '0.code:7').replace(/^0\.err:.*$/m, '0.err:* connect to 10.244.4.2 port 80 failed: Connection refused');

test('within a time, it is tried again until it holds', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  const good = (await import('../evidence/recordings.ts')).recorded('two-lans/probes-edge-a1.out');
  fake.engine.when('edge-a1', commands.probes).answersInTurn([
    { stdout: refusedOnce(good), takes: 1 },
    { stdout: refusedOnce(good), takes: 1 },
    { stdout: good, takes: 1 },
  ]);
  const [first] = await checksOf(
    fake,
    step('one', ({ lab, expect }) =>
      expect.reach(lab.pod('echo', { on: 'edge-a1' }), lab.pod('echo', { on: 'edge-a2' }), { within: '10s' }),
    ),
  );
  t.like(first, { ok: true, observed: 'reachable', seconds: 3 });
});

test('when the time is over the last observation is shown', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  const good = (await import('../evidence/recordings.ts')).recorded('two-lans/probes-edge-a1.out');
  fake.engine.when('edge-a1', commands.probes).answers({ stdout: refusedOnce(good), takes: 2 });
  const [first] = await checksOf(
    fake,
    step('one', ({ lab, expect }) =>
      expect.reach(lab.pod('echo', { on: 'edge-a1' }), lab.pod('echo', { on: 'edge-a2' }), { within: '3s' }),
    ),
  );
  t.like(first, { ok: false, observed: 'refused', seconds: 4 });
});

test('an answer where none was expected is not tried away', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  const [first] = await checksOf(
    fake,
    step('one', ({ lab, expect }) =>
      expect.reach(lab.pod('echo', { on: 'edge-a1' }), lab.pod('echo', { on: 'edge-a2' }), { outcome: 'timeout', within: '60s' }),
    ),
  );
  t.like(first, { ok: false, expected: 'timeout', observed: 'reachable' });
  t.is(fake.engine.commands('edge-a1').length, 4, 'one round, and a look at the rules');
});

test('an interrupt while probing ends the captures', async (t) => {
  const fake = await makeFakeLab();
  replay(fake);
  fake.engine.hangOn('exec', { name: 'edge-a1', nth: 2 });
  const { result, abort } = run(fake, {
    steps: [step('one', ({ lab, expect }) => expect.reach(lab.node('edge-a1'), lab.address('cloud')))],
  });
  setTimeout(() => abort(new Error('interrupted')), 20);
  await t.throwsAsync(result, { message: 'interrupted' });
  t.true(fake.engine.commands('lan-a-router').some((text) => text.includes(commands.stopCapture)));
});
