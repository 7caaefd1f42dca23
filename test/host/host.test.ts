import test from 'ava';
import { backends } from '../../src/components/flannel/backends.ts';
import { FakeEngine } from '../../src/engine/fake/fake-engine.ts';
import { findMissingCapability, requireHost } from '../../src/host/host.ts';
import { kernelFeatures } from '../../src/host/kernel-features.ts';
import { featureNeed, memoryNeed } from '../../src/host/need.ts';
import { LabError } from '../../src/lib/lab-error.ts';
import type { ContainerSpec, Plan } from '../../src/model/plan.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { exampleLabs } from '../plan/labs.ts';
import { planOf, step } from '../run/small-lab.ts';

const container = (name: string, role: string): ContainerSpec => ({
  ...{ name, role, image: 'node', hostname: name, privilege: 'node', interfaces: [], store: role !== 'router' },
});
const plan: Plan = {
  ...planOf(step('flannel:apply')),
  features: ['vxlan'],
  containers: [container('cloud', 'control-plane'), container('edge-1', 'edge'), container('r', 'router')],
};

test('a plan needs about 1.1 GB for the control plane, 200 MB for an edge, next to nothing for a router', (t) => {
  t.is(memoryNeed(plan), (1100 + 200 + 8) * 2 ** 20);
});

test('a plan needs the features of what is in it, and no others', (t) => {
  t.deepEqual([...featureNeed(plan)].toSorted(), ['nf-tables', 'overlay', 'vxlan']);
  t.deepEqual([...featureNeed({ containers: [container('a', 'host')], features: [] })], ['overlay']);
  t.deepEqual([...featureNeed({ containers: [] })], []);
  t.deepEqual([...featureNeed({ containers: [], features: ['dummy', 'ip-set'] })], ['dummy', 'ip-set']);
  const dual = {
    ...container('a', 'host'),
    store: false,
    interfaces: [{ network: 'n', name: 'eth0', addresses: ['10.0.0.2/8', '2001:db8::2/64'] }],
  };
  t.deepEqual([...featureNeed({ containers: [dual] })], ['ipv6']);
});

test('what a component asks of the kernel is a feature that the host is looked at for', (t) => {
  const known = new Set(kernelFeatures.map(({ id }) => id));
  const asked = exampleLabs.flatMap(({ lab }) => makePlan(lab).plan?.features ?? []);
  t.true(asked.includes('vxlan'));
  t.deepEqual(
    asked.filter((id) => !known.has(id)),
    [],
  );
  t.deepEqual(
    Object.values(backends)
      .flatMap(({ features }) => features)
      .filter((id) => !known.has(id)),
    [],
  );
});

// A fake engine runs on another kernel than this machine, so only what the engine says counts.
test('a machine that is large enough is described in one line', async (t) => {
  t.is(await requireHost({ plan, engine: new FakeEngine(), running: false }), 'Fake 1.0 · 2 processors · 16.0 GiB free');
});

test('too little memory is refused with both figures, unless the lab runs already', async (t) => {
  const engine = new FakeEngine({ facts: { memoryBytes: 2 ** 30 } });
  const error = await t.throwsAsync(requireHost({ plan, engine, running: false }), { instanceOf: LabError, code: 'HOST002' });
  t.is(error.message, 'memory: 1.0 GiB free of 1.0 GiB (lab small takes about 1.3 GiB)');
  await t.notThrowsAsync(requireHost({ plan, engine, running: true }));
});

test('an engine that does not answer is refused', async (t) => {
  const engine = new FakeEngine();
  engine.failOn('facts');
  await t.throwsAsync(requireHost({ plan, engine, running: false }), { instanceOf: LabError, code: 'HOST001' });
});

test('what other labs can do without is a lack of this one, where the kernel is known not to have it', async (t) => {
  t.is(await findMissingCapability({ plan, engine: new FakeEngine() }), undefined, 'nothing of the kind is asked for');
  const weave: Plan = { ...planOf(step('weave:apply')), features: ['dummy', 'ip-set'] };
  t.is(await findMissingCapability({ plan: weave, engine: new FakeEngine() }), undefined, 'nothing is known of that kernel');
});
