import test from 'ava';
import { inDoubt, judgeCell } from '../../src/cli/judge-cell.ts';
import type { Check } from '../../src/model/check.ts';

const check = (change: Partial<Check> = {}): Check => ({
  ...{ id: 'a>b', claims: [], from: 'a', to: 'b', expected: 'reachable', observed: 'reachable', ok: true, how: 'answered' },
  ...{ evidence: [], seconds: 1 },
  ...change,
});
const broken = { observed: 'timeout', ok: false, how: 'lost at a' };
const known = { reason: 'no reservation', issue: 'KNOWN-003' };
const doubt = 'KubeEdge 1.23.1 does not support Kubernetes 1.33.0';
const newFailure = 'a to b: expected reachable, observed timeout; lost at a';

test('what held is passed, and there is nothing to say', (t) => {
  t.deepEqual(judgeCell('passed', [check()], []), { standing: 'passed', notes: [] });
});

test('a new failure is told by its ends', (t) => {
  t.deepEqual(judgeCell('failed', [check(), check(broken)], []), { standing: 'failed', notes: [newFailure] });
});

test('many failures are counted, the first ones told', (t) => {
  const { notes } = judgeCell(
    'failed',
    Array.from({ length: 8 }, () => check(broken)),
    [],
  );
  t.deepEqual(notes.slice(4), [newFailure, 'and 3 more']);
});

test('a known failure is known, with its reason once', (t) => {
  const checks = [check({ ...broken, known }), check({ ...broken, known })];
  t.deepEqual(judgeCell('known', checks, []), { standing: 'known', notes: ['known: no reservation (KNOWN-003)'] });
});

test('what was known to fail and holds is fixed, unless something else failed', (t) => {
  t.deepEqual(judgeCell('passed', [check({ known })], []), { standing: 'fixed', notes: ['fixed, was known: no reservation (KNOWN-003)'] });
  t.is(judgeCell('failed', [check({ known }), check(broken)], []).standing, 'failed');
  t.is(judgeCell('known', [check({ known }), check({ ...broken, known })], []).standing, 'known');
});

test('where components are not meant to work together, a failure is known and what works is said', (t) => {
  t.deepEqual(judgeCell('failed', [check(broken)], [doubt]), { standing: 'known', notes: [`known: ${doubt}`, newFailure] });
  t.deepEqual(judgeCell('passed', [check()], [doubt]), { standing: 'passed', notes: [`works all the same: ${doubt}`] });
});

test('a lab that did not come up is a failure, or known where it was not meant to; one that cannot be had stays skipped', (t) => {
  const failed = { standing: 'failed', notes: ['the lab did not come up: x'] } as const;
  t.deepEqual(inDoubt({ ...failed, notes: [...failed.notes] }, []), { standing: 'failed', notes: ['the lab did not come up: x'] });
  t.is(inDoubt({ ...failed, notes: [...failed.notes] }, [doubt]).standing, 'known');
  t.is(inDoubt({ standing: 'skipped', notes: ['image'] }, [doubt]).standing, 'skipped');
});
