import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { makeCaptures } from '../../src/run/captures.ts';
import { makeMasker } from '../../src/run/masker.ts';
import { openWorkshop, perform } from '../../src/run/perform.ts';
import { down, downAll } from '../../src/run/run.ts';
import { grounded, images, makeEngine, planOf, record, step } from './small-lab.ts';

const ownedBy = (lab: string) => ({ lab, planHash: 'h', topology: '/t.yaml' });

test('down of a lab that is not there removes nothing and says so', async (t) => {
  const engine = makeEngine();
  const { events, emit } = record();
  t.deepEqual(await down({ lab: 'small', engine, emit, now: engine.clock.now }), { containers: 0, networks: 0, volumes: 0 });
  t.deepEqual(
    events.map(({ type }) => type),
    ['down-started', 'down-finished'],
  );
});

test('downAll removes every lab', async (t) => {
  const engine = makeEngine();
  for (const lab of ['b', 'a']) await engine.ensureNetwork(ownedBy(lab), { name: 'internet', title: 'internet' });
  const removed = await downAll({ engine, emit: () => undefined, now: engine.clock.now });
  t.deepEqual([...removed.keys()], ['a', 'b']);
  t.deepEqual(await engine.labs(), []);
});

test('down that is interrupted says what is left', async (t) => {
  const engine = makeEngine();
  engine.hangOn('remove');
  const controller = new AbortController();
  const going = down({ lab: 'small', engine, emit: () => undefined, now: engine.clock.now, signal: controller.signal });
  setImmediate(() => controller.abort());
  await t.throwsAsync(going, { code: 'INT001' });
});

const plan = planOf(...['a', 'b', 'c', 'd'].map((id) => step(id, { needs: grounded })));

testProp(
  'down undoes any prefix of a plan and no other lab',
  [fc.integer({ min: 0, max: plan.steps.length }), fc.boolean()],
  async (t, count, twice) => {
    const engine = makeEngine();
    const owner = ownedBy('small');
    await engine.ensureNetwork(ownedBy('other'), { name: 'internet', title: 'internet' });
    const shop = openWorkshop(plan, { engine, owner, images, captures: makeCaptures(makeMasker()) });
    const options = { signal: new AbortController().signal, onLine: () => undefined };
    for (const one of plan.steps.slice(0, count)) await perform(shop, one, options);
    const made = (await engine.list('small')).length;
    const removed = await down({ lab: 'small', engine, emit: () => undefined, now: engine.clock.now });
    if (twice) await down({ lab: 'small', engine, emit: () => undefined, now: engine.clock.now });
    t.is(removed.containers + removed.networks, made);
    t.deepEqual(await engine.list('small'), []);
    t.is((await engine.list('other')).length, 1);
  },
);
