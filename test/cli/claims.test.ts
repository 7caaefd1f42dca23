import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { VerdictRecord } from '../../src/model/record.ts';
import { matchGolden } from '../lib/golden.ts';
import { root as checkout, runEdgelab } from './fake-cli.ts';

/** A checkout with one scenario, `rain`, that has run, and another, `snow`, that has not. */
const makeRoot = async (): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'edgelab-claims-'));
  await Promise.all(
    ['scenarios/rain', 'runs/rain-1', 'runs/broken-1', 'runs/two-lans-failed-1'].map((path) =>
      mkdir(join(root, path), { recursive: true }),
    ),
  );
  const checkOf = (claims: string[], more = {}) => ({
    ...{ id: 'x', claims, from: 'edge-a1', to: 'cloud', expected: 'reachable', observed: 'reachable', ok: true, how: 'through the router' },
    ...more,
  });
  const record: VerdictRecord = {
    ...{ scenario: 'rain', lab: 'garden', at: '2026-11-21T10:05:00.000Z', verdict: 'failed' },
    checks: [
      checkOf(['S000-Q1-1', 'S000-Q1-2']),
      checkOf(['S000-Q1-7'], { ok: false, observed: 'timeout', how: 'SYN lost at lan-a-router' }),
      checkOf([], { refutes: ['S000-Q1-5'], observed: 'REJECT', how: 'refused at once' }),
    ],
  };
  await Promise.all([
    writeFile(join(root, 'package.json'), '{ "version": "0.0.0" }'),
    writeFile(join(root, 'scenarios/rain.ts'), "import './rain/drops.ts';\nimport { a } from './rain/drops.ts';\nconst x = 'S000-Q1-1';"),
    writeFile(join(root, 'scenarios/rain/drops.ts'), "export const a = ['S000-Q1-2', 'S000-Q1-5', 'S000-Q1-7', 'S000-Q1-8'];"),
    writeFile(join(root, 'scenarios/snow.ts'), "const x = 'S000-Q1-9';"),
    writeFile(join(root, 'runs/rain-1/verdicts.json'), JSON.stringify([record])),
    writeFile(join(root, 'runs/broken-1/verdicts.json'), '[{"scen'),
  ]);
  return root;
};

test('claims are listed by document with what the last runs say', async (t) => {
  const root = await makeRoot();
  t.teardown(() => rm(root, { recursive: true }));
  const list = await runEdgelab(['claims', 'S000-Q1', 'S001-SSH-4'], { root });
  const one = await runEdgelab(['claims', 'S000-Q1-5', 'S000-Q1-1'], { root });
  t.is(list.code, 0);
  await matchGolden(t, new URL('goldens/claims.txt', import.meta.url), `${list.stdout}\n---\n${one.stdout}`);
});

test('--json has every claim with verdict, scenario, reason and whether a check ran', async (t) => {
  const root = await makeRoot();
  t.teardown(() => rm(root, { recursive: true }));
  const { stdout } = await runEdgelab(['claims', '--json'], { root });
  const { claims, counts } = JSON.parse(stdout) as { claims: Record<string, unknown>[]; counts: Record<string, number> };
  t.is(claims.length, 156);
  for (const one of claims)
    for (const key of ['id', 'verdict', 'scenario', 'why', 'executed']) t.true(key in one, `${String(one['id'])} ${key}`);
  t.deepEqual(
    claims.filter(({ executed }) => executed === true).map(({ id, verdict }) => `${String(id)} ${String(verdict)}`),
    ['S000-Q1-1 proved', 'S000-Q1-2 proved', 'S000-Q1-5 refuted', 'S000-Q1-7 failed'],
  );
  t.is(counts['executed'], 4);
});

test('--scenario lists what a scenario cites', async (t) => {
  const root = await makeRoot();
  t.teardown(() => rm(root, { recursive: true }));
  const { stdout } = await runEdgelab(['claims', '--scenario', 'snow', '--json'], { root });
  t.deepEqual(
    (JSON.parse(stdout) as { claims: { id: string }[] }).claims.map(({ id }) => id),
    ['S000-Q1-9'],
  );
});

test('a claim or scenario that is not there is said with the nearest', async (t) => {
  const wrong = await runEdgelab(['claims', 'S000-Q1-77'], { root: checkout });
  t.is(wrong.code, 2);
  t.regex(wrong.stderr, /there is no claim "S000-Q1-77"[\s\S]*did you mean "S000-Q1-7"/);
  const scenario = await runEdgelab(['claims', '--scenario', 'question1'], { root: checkout });
  t.is(scenario.code, 2);
  t.regex(scenario.stderr, /did you mean "question-1"/);
});
