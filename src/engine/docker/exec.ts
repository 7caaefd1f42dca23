/** Running a command in a container: its input, both outputs, its true exit code, and its end when time is up. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { LabError } from '../../lib/lab-error.ts';
import type { ExecOptions, ExecResult } from '../engine.ts';
import { ask, statusOf, type Connection } from './connection.ts';
import { findRunning } from './containers.ts';
import { endMarked, markVariable } from './end-process.ts';
import { dockerName } from './labels.ts';
import { collectOutput, makeOutput, type Output } from './output.ts';
import { asShellCommand, makeShell, type Ended, type Shell } from './shell.ts';
import type { Shells } from './shells.ts';

/** The exit code of `timeout(1)` for a command whose time was up. */
const timedOutCode = 124;

/** A container by its name in the lab. */
export type ExecTarget = { lab: string; name: string };

/**
 * `Engine.exec`. The command's processes carry a mark of their own in their environment: by it they are found when they are to be ended.
 * ENGINE003 or ENGINE001 for a container that is not there or does not run, ENGINE001 for one that is removed meanwhile. A shell of the
 * container runs it where it can, and waits among `shells` for the next one.
 */
export async function runExec(
  connection: Connection,
  shells: Shells,
  target: ExecTarget,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  options.signal?.throwIfAborted();
  const mark = randomUUID();
  const command = asShellCommand(argv, { ...options, env: { ...options.env, [markVariable]: mark } });
  if (command === undefined) return runAlone(connection, target, argv, options);
  for (;;) {
    const waiting = shells.take(dockerName(target.lab, target.name));
    const shell = waiting ?? (await openShell(connection, target));
    const result = await runInShell(connection, shell, target, { command, mark, options }).catch((error: unknown) => {
      shell.close();
      throw error;
    });
    if (result && shell.alive()) shells.give(dockerName(target.lab, target.name), shell);
    if (result) return result;
    // no shell in there, or one that ended at once
    if (!waiting) return runAlone(connection, target, argv, options);
  }
}

/** The same in a process of its own, which takes an engine 75 ms to make. */
export async function runAlone(
  connection: Connection,
  target: ExecTarget,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { env = {}, stdin, signal } = options;
  signal?.throwIfAborted();
  const begun = performance.now();
  const mark = randomUUID();
  const { exec, stream } = await start(connection, target, { argv, env: { ...env, [markVariable]: mark }, stdin: stdin !== undefined });
  const output = collectOutput(stream, options);
  // The end of the input is told by closing our half of the connection.
  if (stdin !== undefined) stream.end(stdin);

  const stopped = await endWhenStopped(connection, target, { mark, ended: output.ended, options });
  if (stopped) stream.destroy();
  signal?.throwIfAborted();
  const tell = tellEnd({ output, begun, stopped });
  if (stopped) return tell(timedOutCode);
  await ask(connection, `read the output of a command in ${target.name}`, () => output.ended);
  return asShellsSay(tell(await readExitCode(connection, target, exec)));
}

/** What came of a command that was begun at this moment (of `performance.now`). */
const tellEnd =
  ({ output, begun, stopped }: { output: Pick<Output, 'texts'>; begun: number; stopped: boolean }) =>
  (code: number): ExecResult => ({ code, ...output.texts(), seconds: (performance.now() - begun) / 1000, timedOut: stopped });

async function openShell(connection: Connection, target: ExecTarget): Promise<Shell> {
  const { exec, stream } = await start(connection, target, { argv: ['/bin/sh'], env: {}, stdin: true });
  return makeShell(exec, stream);
}

type InShell = { command: string; mark: string; options: ExecOptions };

/** Undefined when the shell had ended before it read the command, so that nothing was run. */
async function runInShell(
  connection: Connection,
  shell: Shell,
  target: ExecTarget,
  { command, mark, options }: InShell,
): Promise<ExecResult | undefined> {
  const begun = performance.now();
  const output = makeOutput(options);
  const run = shell.run(command, output.write);
  const stopped = await endWhenStopped(connection, target, { mark, ended: run.ended, options });
  if (stopped) shell.close();
  options.signal?.throwIfAborted();
  const tell = tellEnd({ output, begun, stopped });
  if (stopped) return tell(timedOutCode);
  const code = await run.ended;
  if (code !== undefined) return tell(code);
  if (!(await run.begun)) return undefined;
  // both went with their container
  return tell(await readExitCode(connection, target, shell.exec));
}

/**
 * A program that cannot be started, told as shells do: the reason on stderr, 127 when it is not there. Docker puts the
 * reason on stdout, and before 25 says 126 for both.
 */
function asShellsSay(result: ExecResult): ExecResult {
  const { code, stdout } = result;
  if ((code !== 126 && code !== 127) || !stdout.startsWith('OCI runtime exec failed')) return result;
  const missing = /no such file or directory|executable file not found/.test(stdout);
  return { ...result, code: missing ? 127 : 126, stdout: '', stderr: `${stdout.trim()}\n` };
}

type Beginning = { argv: readonly string[]; env: Record<string, string>; /** Whether there is any. */ stdin: boolean };

function start(
  connection: Connection,
  { lab, name }: ExecTarget,
  { argv, env, stdin }: Beginning,
): Promise<{ exec: Docker.Exec; stream: Duplex }> {
  const Env = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  const asked = { Cmd: [...argv], Env, AttachStdin: stdin, AttachStdout: true, AttachStderr: true };
  return ask(connection, `run ${argv[0] ?? 'nothing'} in ${name}`, async () => {
    try {
      const exec = await containerOf(connection, { lab, name }).exec(asked);
      return { exec, stream: await exec.start({ hijack: true, stdin }) };
    } catch (error) {
      // Not there, or not running: it is said which.
      if (statusOf(error) === 404 || statusOf(error) === 409) await findRunning(connection, lab, name);
      throw error;
    }
  });
}

/** By its name: to look its id up costs a busy engine as much as the command. */
const containerOf = ({ docker }: Connection, { lab, name }: ExecTarget): Docker.Container => docker.getContainer(dockerName(lab, name));

type Running = { mark: string; ended: Promise<unknown>; options: Pick<ExecOptions, 'signal' | 'timeoutSeconds'> };

/** Waits for the command's end; true when it had to be brought about by the signal or the limit. */
async function endWhenStopped(connection: Connection, target: ExecTarget, { mark, ended, options }: Running): Promise<boolean> {
  const { signal, timeoutSeconds } = options;
  const limit = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
  const signals = [signal, limit].filter((each) => each !== undefined);
  const stop = AbortSignal.any(signals);
  let tell: () => void = () => undefined;
  const stopping = new Promise<boolean>((resolve) => (tell = () => resolve(true)));
  if (stop.aborted) tell();
  stop.addEventListener('abort', tell, { once: true });
  const over = ended.then(
    () => false,
    () => false,
  );
  const stopped = await Promise.race([over, stopping]);
  stop.removeEventListener('abort', tell);
  if (stopped) await endMarked(containerOf(connection, target), mark, ended);
  return stopped;
}

/** The stream may end a moment before Docker has noted the exit. */
async function readExitCode(connection: Connection, { lab, name }: ExecTarget, exec: Ended): Promise<number> {
  const step = `read the exit code of a command in ${name}`;
  return ask(connection, step, async () => {
    for (let pause = 2; ; pause = Math.min(pause * 2, 200)) {
      const { Running: running, ExitCode: code } = await inspectExec(exec, lab, name);
      if (!running && code !== null) return code;
      await sleep(pause);
    }
  });
}

async function inspectExec(exec: Ended, lab: string, name: string): Promise<Docker.ExecInspectInfo> {
  try {
    return await exec.inspect();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    throw new LabError(
      'ENGINE001',
      `container "${name}" of lab "${lab}" was removed while a command ran in it`,
      { step: `run a command in ${name}` },
      { cause: error },
    );
  }
}
