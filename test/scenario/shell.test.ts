import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { execa } from 'execa';
import { anyArgument } from '../lib/any-text.ts';
import { LabError } from '../../src/lib/lab-error.ts';
import { makeShell, type Shell } from '../../src/scenario/shell.ts';
import { makeFakeLab, type FakeLab } from './fake-lab.ts';

/** Commands for edge-a1 run in the shell of this machine. */
const makeRealShell = async (): Promise<{ fake: FakeLab; $: Shell }> => {
  const fake = await makeFakeLab();
  fake.engine
    .when('edge-a1', () => true)
    .runs(async ({ argv, stdin, env }) => {
      const { stdout, stderr, exitCode } = await execa(argv[0]!, argv.slice(1), {
        reject: false,
        stripFinalNewline: false,
        input: stdin,
        env,
      });
      return { stdout, stderr, code: exitCode ?? 1 };
    });
  return { fake, $: makeShell({ engine: fake.engine, lab: 'two-lans', container: 'edge-a1', signal: new AbortController().signal }) };
};

const argument = anyArgument({ maxLength: 30 });

testProp(
  'every value in a command arrives as exactly one argument',
  [argument, fc.array(argument, { minLength: 1, maxLength: 5 })],
  async (t, one, several) => {
    const { $ } = await makeRealShell();
    const { stdout } = await $`printf '%s\\0' first ${one} ${several}`; // not first themselves: execa drops a byte order mark
    t.deepEqual(stdout.split('\0').slice(0, -1), ['first', one, ...several]);
  },
  { numRuns: 25 },
);

test('a result has output, lines and exit code', async (t) => {
  const { $ } = await makeRealShell();
  t.deepEqual(await $`printf 'a\n\nb\n'; echo oops >&2`, {
    exitCode: 0,
    stdout: 'a\n\nb\n',
    stderr: 'oops\n',
    text: 'a\n\nb',
    lines: ['a', 'b'],
  });
});

test('large output arrives whole', async (t) => {
  const { $ } = await makeRealShell();
  t.is((await $`head -c 300000 /dev/zero | tr '\\0' 'é'`).stdout.length > 299_999, true);
});

test('a failing command throws SCEN003 with the command and the tail of its output', async (t) => {
  const { $ } = await makeRealShell();
  const error = await t.throwsAsync($`echo before; echo broken >&2; exit 3`.then(), { instanceOf: LabError });
  t.is(error.code, 'SCEN003');
  t.is(error.message, 'a command on edge-a1 ended with exit code 3');
  t.deepEqual(error.details, { command: 'echo before; echo broken >&2; exit 3', outputTail: 'before\n\nbroken' });
});

test('nothrow gives the result of a failing command', async (t) => {
  const { $ } = await makeRealShell();
  t.is((await $({ nothrow: true })`exit 3`).exitCode, 3);
});

test("input is the command's stdin", async (t) => {
  const { $ } = await makeRealShell();
  t.is((await $({ input: 'given' })`cat`).stdout, 'given');
});

test('a command that does not end is ended by its timeout', async (t) => {
  const { engine } = await makeFakeLab();
  engine.when('edge-a1', 'sleep').hangs();
  const $ = makeShell({ engine, lab: 'two-lans', container: 'edge-a1', signal: new AbortController().signal });
  await t.throwsAsync($({ timeout: '5s' })`sleep 100`, { message: 'a command on edge-a1 did not end within 5 s' });
});

test('an interrupt ends the command with its reason', async (t) => {
  const { engine } = await makeFakeLab();
  engine.hangOn('exec');
  const controller = new AbortController();
  const $ = makeShell({ engine, lab: 'two-lans', container: 'edge-a1', signal: controller.signal });
  const result = $`sleep 100`;
  setTimeout(() => controller.abort(new Error('interrupted')), 10);
  await t.throwsAsync(result, { message: 'interrupted' });
});

test('a prefix and an environment belong to the command', async (t) => {
  const { fake } = await makeRealShell();
  const site = { engine: fake.engine, lab: 'two-lans', container: 'edge-a1', signal: new AbortController().signal };
  t.is((await makeShell({ ...site, prefix: 'echo ' })`get ${'a b'}`).text, 'get a b');
  t.is((await makeShell({ ...site, env: { WHERE: 'there' } })`echo $WHERE`).text, 'there');
});

test('a template that JavaScript itself refuses is said so', async (t) => {
  const { $ } = await makeRealShell();
  await t.throwsAsync($`sed s/a/\1/`, { message: /backslash before a digit/ });
});
