import test from 'ava';
import { runEdgelab } from './fake-cli.ts';

test('help is a result: on stdout, exit code 0', async (t) => {
  const { code, stdout, stderr } = await runEdgelab(['--help']);
  t.is(code, 0);
  t.regex(stdout, /^Usage: edgelab/);
  t.is(stderr, '');
});

test('the version is that of the package', async (t) => {
  t.regex((await runEdgelab(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});

const refuses = test.macro({
  async exec(t, argv: string[], message: RegExp) {
    const { code, stdout, stderr } = await runEdgelab(argv);
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, message);
    t.notRegex(stderr, /\n\s+at /, 'no stack trace');
  },
  title: (given = '') => `${given} is refused with exit code 2`,
});

test('a mistyped command', refuses, ['valdiate'], /^error CLI001 unknown command 'valdiate'\n {2}hint: did you mean validate\?/);
test('a mistyped option', refuses, ['up', '--kepe'], /^error CLI001 unknown option '--kepe'\n {2}hint: did you mean --keep\?/);
test('an argument too many', refuses, ['down', 'a', 'b'], /^error CLI001 too many arguments/);
test('a missing argument', refuses, ['exec'], /^error CLI001 missing required argument 'node'/);
test(
  'a topology that is not there',
  refuses,
  ['up', 'two-lanz'],
  /^error TOPO001 there is no topology "two-lanz"\n {2}hint: did you mean "two-lans"\?/,
);
test(
  'a topology file that is not there',
  refuses,
  ['plan', './nope.yaml'],
  /^error TOPO001 cannot read "nope.yaml": there is no such file/,
);
test('a scenario that is not there', refuses, ['run', 'question-one'], /^error SCEN001 there is no scenario "question-one"/);
test('a scenario file that is not there', refuses, ['run', './nope.ts'], /^error SCEN001 there is no scenario file ".\/nope.ts"/);
test('a stage that is not there', refuses, ['test', 'unti'], /^error CLI001 there is no stage "unti"\n {2}hint: did you mean "unit"\?/);
test('a number of lines that is none', refuses, ['logs', 'edge-1', '--tail', 'many'], /^error CLI001 "many" is not a number of lines/);
test(
  'a graph format that is not there',
  refuses,
  ['graph', '--format', 'png'],
  /^error CLI001 option .*Allowed choices are mermaid, dot, svg/,
);

test('with --json a refusal is JSON on stdout as well', async (t) => {
  const usage = await runEdgelab(['up', '--kepe', '--json']);
  t.like(JSON.parse(usage.stdout), { ok: false, error: { code: 'CLI001' } });
  const input = await runEdgelab(['up', 'two-lanz', '--json']);
  t.like(JSON.parse(input.stdout), { ok: false, diagnostics: [{ code: 'TOPO001' }] });
  t.is(input.code, 2);
});
