import test from 'ava';
import { settleClaims, type Claim } from '../../src/claims/claims.ts';
import type { CheckRecord, VerdictRecord } from '../../src/model/record.ts';

const claim = (change: Partial<Claim> = {}): Claim => ({ id: 'S009-1', mark: 'shown', text: 'water is wet', ...change });
const check = (change: Partial<CheckRecord> = {}): CheckRecord => ({
  ...{ id: 'x', claims: ['S009-1'], from: 'a', to: 'b', expected: 'wet', observed: 'wet', ok: true, how: 'touched' },
  ...change,
});
const record = (checks: CheckRecord[], change: Partial<VerdictRecord> = {}): VerdictRecord => ({
  ...{ scenario: 'rain', lab: 'garden', at: '2026-11-21T10:00:00.000Z', verdict: 'passed', checks },
  ...change,
});
const settle = (records: VerdictRecord[], { id, ...change }: Partial<Claim> = {}, cited = ['S009-1']) =>
  settleClaims(
    [{ id: 'S009', title: 'on water', claims: [claim({ ...change, ...(id === undefined ? {} : { id }) })] }],
    records,
    new Map([
      ['rain', new Set(cited)],
      ['snow', new Set<string>()],
    ]),
  )[0]!;

test('a check that ran and held proves its claim, and says so in its words', (t) => {
  const { verdict, executed, why, scenario, at, lab } = settle([record([check()])]);
  t.deepEqual(
    { verdict, executed, why, scenario, at, lab },
    { verdict: 'proved', executed: true, why: 'a to b: wet; touched', scenario: 'rain', at: '2026-11-21T10:00:00.000Z', lab: 'garden' },
  );
});

test('one check that did not hold outweighs all that did', (t) => {
  const { verdict, why, executed } = settle([record([check(), check({ ok: false, observed: 'dry' })])]);
  t.is(verdict, 'failed');
  t.is(why, 'a to b: expected wet, observed dry; touched (2 checks)');
  t.true(executed);
});

test('a check that refutes says what is wrong in the document and what was seen', (t) => {
  const { verdict, why } = settle([record([check(), check({ claims: [], refutes: ['S009-1'], observed: 'dry' })])], {
    wrong: 'not in a desert',
  });
  t.is(verdict, 'refuted');
  t.is(why, 'not in a desert; seen: a to b: dry; touched (2 checks)');
});

test('a refutation that did not come about is a failure, not a proof', (t) => {
  t.is(settle([record([check({ claims: [], refutes: ['S009-1'], ok: false })])]).verdict, 'failed');
});

test('a known failure refutes, for the reason that is known; with a new failure it is a failure', (t) => {
  const known = check({ ok: false, observed: 'dry', known: { reason: 'the tap is closed', issue: 'TAP-1' } });
  const { verdict, why } = settle([record([known])]);
  t.is(verdict, 'refuted');
  t.is(why, 'the tap is closed (TAP-1); seen: a to b: expected wet, observed dry; touched');
  t.is(settle([record([known, check({ ok: false })])]).verdict, 'failed');
});

test('of each scenario the newest record counts, in whatever order they are read', (t) => {
  const old = record([check({ ok: false })], { at: '2026-11-20T10:00:00.000Z' });
  t.is(settle([record([check()]), old]).verdict, 'proved');
  t.is(settle([old, record([check()])]).verdict, 'proved');
  t.is(settle([old, record([check()], { scenario: 'snow' })]).verdict, 'failed', 'those of another scenario stand beside it');
});

test('a claim whose scenario never ran here names the scenario; nothing was executed', (t) => {
  const { verdict, why, executed, scenario } = settle([]);
  t.deepEqual(
    { verdict, why, executed, scenario },
    { verdict: 'not run here', why: './edgelab run rain', executed: false, scenario: 'rain' },
  );
});

test('a run that ended before the check of a claim proves nothing', (t) => {
  const { verdict, why, executed } = settle([record([check({ claims: [] })], { verdict: 'failed' })]);
  t.deepEqual({ verdict, executed }, { verdict: 'not run here', executed: false });
  t.is(why, 'the last run of rain did not come to it');
});

test('a scenario that was skipped leaves its claims not testable here, with its reason', (t) => {
  const { verdict, why, executed } = settle([record([], { verdict: 'skipped', reason: 'image rain:1 (not here)' })]);
  t.deepEqual({ verdict, why, executed }, { verdict: 'not testable here', why: 'skipped: image rain:1 (not here)', executed: false });
});

test('what no lab can test says why, unless a check proved the opposite of that', (t) => {
  const untestable = 'nobody can tell';
  t.is(settle([], { untestable }).why, untestable);
  t.is(settle([], { untestable }).verdict, 'not testable here');
  t.is(settle([record([check()])], { untestable }).verdict, 'proved');
});

test('a scenario that is not of the checkout settles nothing', (t) => {
  t.is(settle([record([check()], { scenario: 'mine' })]).verdict, 'not run here');
});

test('a claim that no scenario cites is not covered', (t) => {
  t.is(settle([], {}, []).verdict, 'not covered');
});
