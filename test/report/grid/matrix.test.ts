import test from 'ava';
import type { GridResult } from '../../../src/model/grid.ts';
import { drawMatrix, renderGrid, summarizeGrid } from '../../../src/report/report.ts';

const cell = (a: string, b: string, expected: boolean, seen: boolean) => ({
  a,
  b,
  protocol: 'udp' as const,
  expected,
  seen,
  ...(seen && { milliseconds: 3 }),
});
const grid: GridResult = {
  kinds: ['open', 'symmetric'],
  results: [
    cell('open', 'open', true, true),
    cell('open', 'symmetric', true, false),
    cell('symmetric', 'open', true, true),
    cell('symmetric', 'symmetric', false, false),
  ],
  seconds: 1.25,
};
const plain = { good: String, bad: String, quiet: String };

test('the matrix shows what was tried, and what went against theory in words', (t) => {
  t.is(
    drawMatrix(grid, plain),
    `UDP          A B
A open       + N
B symmetric  + -

+ through, - not through; P through against theory, N not through against theory
open with symmetric over UDP: theory says through, the trial the opposite
3 of 4 cells as theory has them (1.3 s)`,
  );
});

test('the summary counts, and lists what differs', (t) => {
  const { cells, matching, mismatches } = summarizeGrid(grid);
  t.deepEqual([cells, matching, mismatches.map(({ a, b }) => [a, b])], [4, 3, [['open', 'symmetric']]]);
});

test('the page has a cell for each trial and frames what differs', (t) => {
  const page = renderGrid(grid);
  t.is(page.match(/<td class=/g)?.length, 4);
  t.is(page.match(/class="blocked wrong"/g)?.length, 1);
  t.true(page.includes('3 of 4 as in theory'));
});
