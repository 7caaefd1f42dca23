import test from 'ava';
import type { LabCell, LabGrid } from '../../../src/model/lab-grid.ts';
import { drawLabGrid, renderLabGrid, summarizeLabGrid } from '../../../src/report/report.ts';
import { matchGolden } from '../../lib/golden.ts';

const cell = (change: Partial<LabCell>): LabCell => ({
  ...{
    scenario: 'fabedge',
    versions: { kubernetes: '1.32.5', kubeedge: '1.23.1', fabedge: '1.0.0' },
    nat: 'full-cone',
    standing: 'passed',
  },
  ...{ ok: 60, total: 60, ways: ['cloud and edge through gateway gateway', 'inside a LAN direct'], notes: [], seconds: 41.2 },
  rerun: './edgelab grid tunnels --only fabedge,full-cone',
  ...change,
});
const mesh = { scenario: 'question-2', versions: { kubernetes: '1.32.5', kubeedge: '1.23.1', edgemesh: '1.16.0' } };
const grid: LabGrid = {
  title: 'Tunnels behind NATs',
  seconds: 312.4,
  cells: [
    cell({}),
    cell({
      nat: 'symmetric',
      standing: 'failed',
      ok: 59,
      notes: ['edge-a1 to podIP of cloud: expected reachable, observed timeout; SYN left <here>'],
    }),
    cell({ nat: 'udp-blocked', standing: 'known', ok: 12, ways: ['cloud and edge none'], notes: ['known: IKE and ESP go in UDP'] }),
    cell({ ...mesh, standing: 'fixed', notes: ['fixed, was known: no reservation (KNOWN-003)'] }),
    cell({
      ...mesh,
      nat: 'symmetric',
      standing: 'skipped',
      ok: 0,
      total: 0,
      ways: [],
      notes: ['image kubeedge/edgemesh-agent:v1.17.0 (not here)'],
    }),
  ],
};

test('standings are counted apart', (t) => {
  t.deepEqual(summarizeLabGrid(grid), { cells: 5, passed: 1, failed: 1, known: 1, fixed: 1, skipped: 1, seconds: 312.4 });
});

test('a grid on a terminal has a line per cell, with the way and what went wrong', (t) =>
  matchGolden(t, new URL('goldens/grid.txt', import.meta.url), `${drawLabGrid(grid, { color: false, columns: 120 })}\n`));

test('versions that differ end in a table, with a mark per NAT', (t) => {
  const older = { kubernetes: '1.31.0', kubeedge: '1.23.1', fabedge: '1.0.0' };
  const cells = [
    ...grid.cells.slice(0, 3),
    cell({ versions: older, standing: 'known' }),
    cell({ versions: older, nat: 'symmetric', standing: 'fixed' }),
  ];
  const lines = drawLabGrid({ ...grid, cells }, { color: false, columns: 120 }).split('\n');
  t.deepEqual(lines.slice(-5), [
    '  scenario  kubernetes  kubeedge  fabedge  full-cone  symmetric  udp-blocked',
    '  fabedge   1.32.5      1.23.1    1.0.0    ✓          ✗          ~',
    '  fabedge   1.31.0      1.23.1    1.0.0    ~          +',
    '',
    '5 cells: 1 passed, 1 failed, 2 known failures, 1 fixed (5 min 12 s)',
  ]);
});

test('new failures are red, known ones yellow, fixed ones cyan', (t) => {
  const colored = drawLabGrid(grid, { color: true, columns: 120 });
  for (const [color, mark] of [
    [31, '✗'],
    [33, '~'],
    [36, '\\+'],
    [32, '✓'],
  ] as const)
    t.regex(colored, new RegExp(`\\u001B\\[${color}m${mark}`));
});

test('a grid as a page is a matrix, self-contained, with the words of others escaped', async (t) => {
  const page = renderLabGrid(grid);
  t.notRegex(page, /https?:\/\/|src=|url\(|@import/);
  t.regex(page, /&lt;here&gt;/);
  await matchGolden(t, new URL('goldens/grid.html', import.meta.url), page.replace(/<style>[\s\S]*<\/style>/, '<style></style>'));
});
