import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { LabEvent } from '../../src/model/event.ts';
import type { VerdictRecord } from '../../src/model/record.ts';
import { makeReporters, readNdjson, renderHtml, renderJunit, replay, type ReporterOptions } from '../../src/report/report.ts';
import { matchGolden } from '../lib/golden.ts';
import { goldenOf, makeStream, readRecording, recordings, type Recording } from './recordings.ts';

const tell = async (events: readonly LabEvent[], change: Partial<ReporterOptions> = {}, columns?: number) => {
  const stdout = makeStream(columns);
  const stderr = makeStream(columns);
  const reporters = makeReporters({ tty: false, json: false, color: false, stdout, stderr, ...change });
  for (const event of events) for (const reporter of reporters) reporter.on(event);
  for (const reporter of reporters) await reporter.end();
  return { stdout: stdout.text(), stderr: stderr.text() };
};
const render = async (name: Recording, change?: Partial<ReporterOptions>, columns?: number) =>
  tell(await readRecording(name), change, columns);

const escapes = /\u001B/;

const plain = test.macro({
  title: (_, name: Recording) => `without a terminal a run that ${name} is told in plain lines`,
  exec: async (t: ExecutionContext, name: Recording) => {
    const { stdout, stderr } = await render(name);
    await matchGolden(t, goldenOf(`${name}.plain.txt`), `--- stderr\n${stderr}--- stdout\n${stdout}`);
    t.notRegex(stdout + stderr, escapes);
  },
});
const json = test.macro({
  title: (_, name: Recording) => `--json of a run that ${name} is exactly one document on stdout`,
  exec: async (t: ExecutionContext, name: Recording) => {
    const { stdout } = await render(name, { json: true });
    t.is(stdout.split('\n').length, 2, 'one line');
    await matchGolden(t, goldenOf(`${name}.json`), `${JSON.stringify(JSON.parse(stdout), undefined, 2)}\n`);
  },
});
const junit = test.macro({
  title: (_, name: Recording) => `JUnit of a run that ${name}`,
  exec: async (t: ExecutionContext, name: Recording) =>
    matchGolden(t, goldenOf(`${name}.junit.xml`), renderJunit(replay(await readRecording(name)))),
});
const page = test.macro({
  title: (_, name: Recording) => `the HTML page of a run that ${name}`,
  exec: async (t: ExecutionContext, name: Recording) => {
    const text = renderHtml(
      replay(await readRecording(name)),
      new Map([['two-lans', '<?xml version="1.0"?>\n<svg><title>lab</title></svg>\n']]),
    );
    t.notRegex(text, /https?:\/\/|src=|url\(|@import/, 'self-contained');
    // The look is not what the golden is about.
    await matchGolden(t, goldenOf(`${name}.html`), text.replace(/<style>[\s\S]*<\/style>/, '<style></style>'));
  },
});
for (const name of recordings) {
  test(plain, name);
  test(junit, name);
}
for (const name of ['passed', 'mistaken', 'reused', 'skipped', 'refused', 'known'] as const) test(json, name);
for (const name of ['mistaken', 'failed', 'skipped', 'known'] as const) test(page, name);

const wide = test.macro({
  title: (_, columns: number) => `the verdict table fits a terminal of ${columns} columns`,
  exec: async (t: ExecutionContext, columns: number) => {
    const { stdout } = await render('mistaken', {}, columns);
    await matchGolden(t, goldenOf(`mistaken.${columns}.txt`), stdout);
    const rows = stdout.split('\n').filter((line) => /[✓✗]$/.test(line));
    t.true(rows.length >= 3);
    t.true(
      rows.every((line) => line.length <= columns),
      'no row is wider',
    );
  },
});
test(wide, 80);
test(wide, 110);
test(wide, 200);

test('the JSON document has exactly what was agreed, and more', async (t) => {
  const { stdout } = await render('mistaken', { json: true });
  const document = JSON.parse(stdout) as { lab: string; ok: boolean; seconds: { up: number; scenario: number }; checks: object[] };
  t.like(document, { lab: 'two-lans', ok: false, seconds: { scenario: 7.6 } });
  t.true(document.seconds.up > 30);
  t.is(document.checks.length, 3);
  for (const check of document.checks)
    for (const key of ['id', 'from', 'to', 'expected', 'observed', 'ok', 'evidence', 'claims', 'how']) t.true(key in check, key);
});

test('known failures and fixed checks are counted apart, and fail nothing', async (t) => {
  const { stdout } = await render('known', { json: true });
  const document = JSON.parse(stdout) as { ok: boolean; counts: object; scenarios: object };
  t.true(document.ok);
  t.deepEqual(document.counts, { passed: 1, failed: 0, known: 1, fixed: 1 });
  t.like(document.scenarios, { passed: 0, failed: 0, known: 1, skipped: 0 });
  t.regex((await render('known')).stdout, /2 of 3 as expected · 1 known failure · 1 fixed · /);
});

test('a run goes on after a lab that did not come up, and still ends with its table', async (t) => {
  const passed = await readRecording('passed');
  const broken = (await readRecording('failed')).filter(({ type }) => type !== 'failed');
  const named = { scenario: 'question-2', title: 'the other', steps: [] };
  const refused: LabEvent[] = [
    { at: 1, type: 'scenario-started', ...named },
    { at: 1, type: 'scenario-finished', scenario: named.scenario, verdict: 'failed', seconds: 0, reason: 'its lab did not come up' },
  ];
  for (const events of [
    [...passed, ...broken, ...refused],
    [...broken, ...refused, ...passed],
  ]) {
    const { stdout } = await tell(events);
    t.regex(stdout, /✓ question-1 .*\n? *✗ question-2|✗ question-2 .*\n? *✓ question-1/);
    t.regex(stdout, /as expected · 1 scenario not run · /);
  }
});

test('after a lab was taken down the summary suggests what there is', async (t) => {
  const { stdout } = await render('several');
  t.regex(stdout, /next: \.\/edgelab exec edge-a1 · \.\/edgelab down\n$/);
});

test('what a run leaves for the claims is its verdicts, of scenarios that came to their end', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'edgelab-report-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const records = join(folder, 'verdicts.json');
  await render('known', { records });
  const [record, ...others] = JSON.parse(await readFile(records, 'utf8')) as VerdictRecord[];
  t.is(others.length, 0);
  t.like(record, { scenario: 'question-1', lab: 'two-lans', verdict: 'known' });
  t.is(record?.checks.length, 3);
  t.like(record?.checks[0], { claims: ['S000-Q1-2'], refutes: ['S000-Q1-5'], ok: true });
  t.like(record?.checks[2], { ok: false, known: { reason: 'EdgeMesh 1.17.0 makes no reservation', issue: 'KNOWN-003' } });
  await render('failed', { records });
  t.is(await readFile(records, 'utf8'), '[]\n');
});

test('a run that failed leaves stdout to the error', async (t) => {
  t.is((await render('failed', { json: true })).stdout, '');
  t.is((await render('failed')).stdout, '');
});

test('colours are there only when asked for', async (t) => {
  const { stdout } = await render('mistaken', { color: true }, 110);
  t.regex(stdout, escapes);
  const bare = await render('mistaken', {}, 110);

  t.is(stdout.replace(/\u001B\[\d+m/g, ''), bare.stdout, 'and change nothing else');
});

test('quiet leaves the results and nothing else', async (t) => {
  const { stdout, stderr } = await render('passed', { quiet: true });
  t.is(stderr, '');
  t.regex(stdout, /3 of 3 as expected/);
});

test('files are written, their folders made, and the summary names the page', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'edgelab-report-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const at = (name: string): string => join(folder, 'deep', name);
  const draw = async () => '<svg><title>drawn</title></svg>';
  const { stdout } = await render('passed', {
    junit: at('junit.xml'),
    ndjson: at('events.ndjson'),
    html: { path: at('report.html'), shown: 'runs/1/report.html', draw },
  });
  t.regex(stdout, /3 of 3 as expected · up 3\d s · scenario 7\.6 s · report: runs\/1\/report\.html\nnext: \.\/edgelab exec edge-a1/);
  const events = await readRecording('passed');
  t.deepEqual(readNdjson(await readFile(at('events.ndjson'), 'utf8')), events);
  t.is(await readFile(at('junit.xml'), 'utf8'), renderJunit(replay(events)));
  t.regex(await readFile(at('report.html'), 'utf8'), /<title>drawn<\/title>/);
});

test('a picture that cannot be drawn costs no report', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'edgelab-report-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const path = join(folder, 'report.html');
  const draw = () => Promise.reject(new Error('no ink'));
  await render('passed', { html: { path, shown: path, draw } });
  t.regex(await readFile(path, 'utf8'), /no ink/);
});
