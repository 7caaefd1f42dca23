import test from 'ava';
import { benchSoak, type SoakTrial } from '../../src/bench/bench.ts';

/** A trial of which each round's verdicts and leftovers are given. */
const trial = (rounds: { verdicts: string[]; left?: string[] }[]): SoakTrial => {
  let round = 0;
  let there: string[] = ['interface eth0'];
  let at = 0;
  return {
    up: () => Promise.resolve(),
    run: () => Promise.resolve(rounds[round]!.verdicts),
    down: () => {
      there = [...there, ...(rounds[round++]!.left ?? [])];
      return Promise.resolve();
    },
    look: () => Promise.resolve(there),
    now: () => (at += 500),
  };
};

test('equal rounds that leave nothing are counted as identical', async (t) => {
  const figures = await benchSoak('question-1', 2, trial([{ verdicts: ['a', 'b'] }, { verdicts: ['a', 'b'] }]));
  t.like(figures, { rounds: 2, identical: 2, checks: 2, differences: [], left: [] });
  t.deepEqual(figures.seconds.up, { runs: [0.5, 0.5], median: 0.5 });
});

test('a verdict that changed is named with its round', async (t) => {
  const { identical, differences } = await benchSoak('question-1', 2, trial([{ verdicts: ['a', 'b'] }, { verdicts: ['a', 'c'] }]));
  t.is(identical, 1);
  t.deepEqual(differences, ['round 2: c', 'round 2: missing: b']);
});

test('what a round leaves is named with its round, and not again in the next', async (t) => {
  const { left } = await benchSoak('question-1', 2, trial([{ verdicts: [], left: ['mount /x'] }, { verdicts: [] }]));
  t.deepEqual(left, ['round 1: mount /x']);
});
