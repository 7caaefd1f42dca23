/** The part of the engines' contract about commands and files in a container. */
import type { TestFn } from 'ava';
import type { Answer, ExecCall } from '../../src/engine/fake/script.ts';
import { LabError } from '../../src/lib/lab-error.ts';
import { ensureOne, makeLab, type Subject } from './contract.ts';

type Program = { argv: string[]; inFake: (call: ExecCall) => Answer };

/** A shell script with its arguments, and what it gives, for engines that cannot run it. */
function program(script: string, inFake: Program['inFake'], ...args: string[]): Program {
  return { argv: ['/bin/sh', '-c', script, 'sh', ...args], inFake };
}

const accented = 'é→😀'.repeat(40_000);

const programs = {
  both: program('echo out; echo err >&2; exit 3', () => ({ stdout: 'out\n', stderr: 'err\n', code: 3 })),
  arguments: program('for a; do echo "[$a]"; done', () => ({ stdout: '[a b]\n[$HOME]\n[*]\n[\'"]\n' }), 'a b', '$HOME', '*', `'"`),
  environment: program('printf %s "$GREETING"', ({ env }) => ({ stdout: env['GREETING'] ?? '' })),
  copy: program('cat', ({ stdin }) => ({ stdout: stdin })),
  lines: program('printf "one\\ntwo\\r\\n\\nlast"; printf "oops\\n" >&2', () => ({ stdout: 'one\ntwo\r\n\nlast', stderr: 'oops\n' })),
  forever: program('echo begun; sleep 600', () => ({ stdout: 'begun\n', takes: 'forever' })),
  deaf: program('trap "" TERM INT HUP; echo begun; while :; do sleep 600; done', () => ({ stdout: 'begun\n', takes: 'forever' })),
  killed: program('kill -9 $$', () => ({ code: 137 })),
  missing: { argv: ['/no/such/program'], inFake: () => ({ code: 127, stderr: 'no such file or directory' }) },
  big: program('i=0; while [ $i -lt 200000 ]; do echo "$i line"; i=$((i+1)); done', () => ({ stdout: bigOutput() })),
} satisfies Record<string, Program>;

export function execContract(test: TestFn, { engine, image, teach }: Subject): void {
  for (const { argv, inFake } of Object.values(programs)) teach?.(argv.join(' '), inFake);

  test('a command gives its exit code and both of its outputs', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    const run = (name: keyof typeof programs, options = {}) => engine.exec(lab.lab, 'node', programs[name].argv, options);
    t.like(await run('both'), { code: 3, stdout: 'out\n', stderr: 'err\n', timedOut: false });
    t.is((await run('killed')).code, 137);
    const missing = await run('missing');
    t.like(missing, { code: 127, stdout: '' });
    t.regex(missing.stderr, /no such file|not found/);
    t.is((await run('arguments')).stdout, '[a b]\n[$HOME]\n[*]\n[\'"]\n');
    t.is((await run('environment', { env: { GREETING: "it's $HOME" } })).stdout, "it's $HOME");
  });

  test('a command gets its standard input to the end, and text survives wherever it is cut', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    const copy = (stdin?: string | Uint8Array) => engine.exec(lab.lab, 'node', programs.copy.argv, stdin === undefined ? {} : { stdin });
    t.is((await copy('hello')).stdout, 'hello');
    t.is((await copy('')).stdout, '');
    t.is((await copy()).stdout, '');
    t.true((await copy(accented)).stdout === accented);
    t.is((await copy(new TextEncoder().encode('bytes'))).stdout, 'bytes');
  });

  test('each complete line is told while the command runs', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    const told: string[] = [];
    await engine.exec(lab.lab, 'node', programs.lines.argv, { onLine: (line, stream) => told.push(`${stream}:${line}`) });
    t.deepEqual(
      told.filter((line) => line.startsWith('stdout')),
      ['stdout:one', 'stdout:two', 'stdout:', 'stdout:last'],
    );
    t.deepEqual(
      told.filter((line) => line.startsWith('stderr')),
      ['stderr:oops'],
    );
  });

  test('a big output is complete', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    let lines = 0;
    const { stdout } = await engine.exec(lab.lab, 'node', programs.big.argv, { onLine: () => (lines += 1) });
    t.is(lines, 200_000);
    t.true(stdout === bigOutput());
  });

  for (const name of ['forever', 'deaf'] as const) {
    test(`a command that lasts too long is ended (${name})`, async (t) => {
      const lab = makeLab(t, engine);
      await ensureOne(engine, lab, 'node', image);
      const result = await engine.exec(lab.lab, 'node', programs[name].argv, { timeoutSeconds: 0.5 });
      t.like(result, { timedOut: true, code: 124, stdout: 'begun\n' });
      t.true(result.seconds >= 0.5 && result.seconds < 5, `${result.seconds} s`);
    });

    test(`an abort ends the command and rejects with its reason (${name})`, async (t) => {
      const lab = makeLab(t, engine);
      await ensureOne(engine, lab, 'node', image);
      const stop = new AbortController();
      const reason = new LabError('INT001', 'stopped by the test');
      const running = engine.exec(lab.lab, 'node', programs[name].argv, { signal: stop.signal, onLine: () => stop.abort(reason) });
      t.is(await t.throwsAsync(running), reason);
    });
  }

  test('files are written with their modes and parents, and again over themselves', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    const path = '/etc/a/b/c.conf';
    const shown: Program = program('stat -c "%a %U" "$1"; cat "$1"', () => ({ stdout: `600 root\nsecond é` }), path);
    teach?.(shown.argv.join(' '), shown.inFake);
    await engine.writeFiles(lab.lab, 'node', [{ path, mode: 0o755, content: 'first, and longer than the second' }]);
    await engine.writeFiles(lab.lab, 'node', [
      { path, mode: 0o600, content: 'second é' },
      { path: '/run/tool', mode: 0o755, content: new TextEncoder().encode('#!/bin/sh\necho ran\n') },
    ]);
    t.is((await engine.exec(lab.lab, 'node', shown.argv)).stdout, '600 root\nsecond é');
    await t.notThrowsAsync(engine.writeFiles(lab.lab, 'node', []));
  });
}

function bigOutput(): string {
  return Array.from({ length: 200_000 }, (_, i) => `${i} line\n`).join('');
}
