import { execFileSync } from 'node:child_process';
import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { asShellCommand } from '../../../src/engine/docker/shell.ts';

/** Runs the text as a shell that stays does: as a line of its input. */
const run = (command: string): string => execFileSync('sh', { input: `exec 3>&2\n${command}\necho "=$?"\n`, encoding: 'utf8' });

// prettier-ignore
const word = fc.string({ unit: fc.oneof(fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', '*', '!', '#', ';'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), maxLength: 12 })
  .filter((text) => !text.includes('\0'));

testProp(
  'a shell gives a program its words, variables and input as they are',
  [word, word, word],
  (t, argument, value, stdin) => {
    const argv = ['sh', '-c', 'printf "%s|%s|" "$1" "$VALUE"; cat', 'sh', argument];
    t.is(run(asShellCommand(argv, { env: { VALUE: value }, stdin })!), `${argument}|${value}|${stdin}=0\n`);
  },
  { numRuns: 30 },
);

test('a program without input gets none of the shell’s, and nothing it does stays', (t) => {
  // more than a shell reads ahead
  const rest = '# read by the shell alone\n'.repeat(2000);
  t.is(run(`${asShellCommand(['cat'], {})!}\n${rest}${asShellCommand(['sh', '-c', 'cd /tmp; exit 3'], {})!}`), '=3\n');
  t.is(run(`${asShellCommand(['sh', '-c', 'exit 0'], { env: { LEFT: 'over' } })!}\nprintf %s "$LEFT"`), '=0\n');
});

test('what a shell’s text cannot hold has a process of its own', (t) => {
  t.is(asShellCommand(['cat'], { stdin: new Uint8Array([1]) }), undefined);
  t.is(asShellCommand(['cat'], { stdin: 'a\0b' }), undefined);
  t.is(asShellCommand(['cat'], { stdin: 'x'.repeat(70_000) }), undefined);
  t.is(asShellCommand(['cat'], { env: { 'a-b': '1' } }), undefined);
});
