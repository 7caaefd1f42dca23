import test from 'ava';
import type { LabEvent } from '../../src/model/event.ts';
import { describePhases } from '../../src/report/phase.ts';
import { applyEvent, emptyRun } from '../../src/report/run-record.ts';
import { planOf, step } from '../run/small-lab.ts';

const proofs = (count: number) =>
  Array.from({ length: count }, (_, index) => step(`nat:lan-${index}`, { proves: `lan-${index} symmetric` }));

const describe = (count: number, done: number) => {
  const plan = planOf(...proofs(count));
  const run = emptyRun();
  const ended = plan.steps.slice(0, plan.steps.length - count + done);
  const events: LabEvent[] = [
    { at: 0, type: 'up-started', plan, reused: false },
    ...ended.flatMap(({ id }): LabEvent[] => [
      { at: 0, type: 'step-started', step: id },
      { at: 9, type: 'step-finished', step: id, outcome: 'done', seconds: 0.009 },
    ]),
  ];
  for (const event of events) applyEvent(run, event);
  return describePhases(run.labs[0]!, 10).find(({ id }) => id === 'install');
};

test('a phase that is done says what was proved in it', (t) => {
  t.is(describe(2, 2)?.proved, 'lan-0 symmetric, lan-1 symmetric ✓ proved');
});

test('of many proofs it says how many', (t) => {
  t.is(describe(9, 9)?.proved, '9 routers ✓ proved');
});

test('before all is done nothing counts as proved', (t) => {
  t.is(describe(2, 1)?.proved, undefined);
});
