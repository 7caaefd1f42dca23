import test from 'ava';
import { runStage, type StageOptions } from '../../src/cli/test-stages/run-stage.ts';
import { chooseStages, stages, type Stage, type StageName } from '../../src/cli/test-stages/stages.ts';
import { makeTapReader, type TapTest } from '../../src/cli/test-stages/tap.ts';

const read = (text: string): TapTest[] => {
  const tests: TapTest[] = [];
  const reader = makeTapReader((one) => tests.push(one));
  for (const line of text.split('\n')) reader.read(line);
  reader.end();
  return tests;
};

const tap = `TAP version 13
ok 1 - adds › two and two
not ok 2 - adds › two and - three # of them
  ---
    message: 'Difference (- actual, + expected):'
  ...
ok 3 - later # SKIP
not ok 4 - some day # TODO
#   a log line
ok 5 - last

1..5
# tests 4
# pass 2
# skip 1
# fail 2
`;

test('TAP is read as tests with what belongs to them', (t) => {
  t.deepEqual(
    read(tap).map(({ title, outcome }) => [title, outcome]),
    [
      ['adds › two and two', 'passed'],
      ['adds › two and - three # of them', 'failed'],
      ['later', 'skipped'],
      ['some day', 'skipped'],
      ['last', 'passed'],
    ],
  );
  t.regex(read(tap)[1]?.details.join('\n') ?? '', /Difference/);
  t.deepEqual(read(tap)[4]?.details, []);
});

const stage = (name: StageName): Stage => stages.find((one) => one.name === name) ?? t0();
const t0 = (): never => {
  throw new Error('no such stage');
};

const run =
  (code: number, stdout: string, stderr = ''): StageOptions['run'] =>
  async (_argv, { onLine }) => {
    if (onLine) for (const line of stdout.split('\n')) onLine(line, 'stdout');
    return { code, stdout, stderr, seconds: 1 };
  };

const options = (given: StageOptions['run']): StageOptions => ({
  ...{
    root: '/checkout',
    signal: new AbortController().signal,
    run: given,
    onTest: () => undefined,
    onLine: () => undefined,
  },
});

test('a check counts as one, and shows its output only when it failed', async (t) => {
  t.like(await runStage(stage('types'), options(run(0, 'all is well'))), { passed: 1, failed: 0, output: [] });
  t.like(await runStage(stage('types'), options(run(2, 'a.ts(1,1): error', 'oh'))), {
    passed: 0,
    failed: 1,
    output: ['a.ts(1,1): error', 'oh'],
  });
});

test('tests count one by one', async (t) => {
  const result = await runStage(stage('unit'), options(run(1, tap)));
  t.like(result, { passed: 2, failed: 1, skipped: 2 });
  t.is(result.output[0], '✗ adds › two and - three # of them');
});

test('a stage that fails without a failed test still fails', async (t) => {
  const result = await runStage(stage('unit'), options(run(1, 'TAP version 13\n1..0\n', "Couldn't find any files to test")));
  t.like(result, { passed: 0, failed: 1 });
  t.regex(result.output.join('\n'), /Couldn't find any files/);
});

test('a stage is a program of the checkout, run by the Node.js that runs edgelab', async (t) => {
  const seen: string[][] = [];
  await runStage(
    stage('imports'),
    options(async (argv) => (seen.push([...argv]), { code: 0, stdout: '', stderr: '', seconds: 0 })),
  );
  t.deepEqual(seen, [[process.execPath, '/checkout/node_modules/.bin/depcruise', 'src', 'scenarios', 'test']]);
});

test('tests on Docker bring the building of images with them', (t) => {
  const chosen = (...names: string[]): string[] => chooseStages(names).map(({ name }) => name);
  t.deepEqual(chosen('e2e'), ['images', 'e2e']);
  t.deepEqual(chosen('unit', 'lint'), ['lint', 'unit']);
  t.is(chosen().length, stages.length);
});
