import test from 'ava';
import { ratioOf, toFigure } from '../../src/bench/figures.ts';

const median = test.macro((t, runs: number[], expected: number) => {
  t.is(toFigure(runs).median, expected);
});

test('the median of one run is that run', median, [4.2], 4.2);
test('the median of an odd number of runs is the middle one', median, [9, 1, 5], 5);
test('the median of an even number of runs is the mean of the middle two', median, [4, 1, 2, 9], 3);

test('runs keep their order and are rounded to 10 ms', (t) => {
  t.deepEqual(toFigure([2.001, 1.239]).runs, [2, 1.24]);
});

test('a ratio compares medians', (t) => {
  t.is(ratioOf(toFigure([30, 40, 35]), toFigure([70])), 0.5);
});
