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
import { collectOutput } from './output.ts';

/** The exit code of `timeout(1)` for a command whose time was up. */
const timedOutCode = 124;

/** A container by its name in the lab. */
export type ExecTarget = { lab: string; name: string };

/**
 * `Engine.exec`. The command's processes carry a mark of their own in their environment: by it they are found when they are to be ended.
 * ENGINE003 or ENGINE001 for a container that is not there or does not run, ENGINE001 for one that is removed meanwhile.
 */
export async function runExec(
  connection: Connection,
  target: ExecTarget,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { env = {}, stdin, signal, timeoutSeconds } = options;
  signal?.throwIfAborted();
  const begun = performance.now();
  const mark = randomUUID();
  // By its name: to look its id up costs a busy engine as much as the command.
  const container = connection.docker.getContainer(dockerName(target.lab, target.name));
  const { exec, stream } = await start(connection, container, target, { argv, mark, env, stdin });
  const output = collectOutput(stream, options);
  feed(stream, stdin);

  const limit = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
  const stopped = await endWhenStopped({ container, mark, ended: output.ended, signal, limit });
  if (stopped) stream.destroy();
  signal?.throwIfAborted();
  const { stdout, stderr } = output.texts();
  const seconds = () => (performance.now() - begun) / 1000;
  if (stopped) return { code: timedOutCode, stdout, stderr, seconds: seconds(), timedOut: true };
  await ask(connection, `read the output of a command in ${target.name}`, () => output.ended);
  const code = await readExitCode(connection, target, exec);
  return asShellsSay({ code, stdout, stderr, seconds: seconds(), timedOut: false });
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

type Command = { argv: readonly string[]; mark: string; env: Record<string, string>; stdin: string | Uint8Array | undefined };

function start(
  connection: Connection,
  container: Docker.Container,
  { lab, name }: ExecTarget,
  { argv, mark, env, stdin }: Command,
): Promise<{ exec: Docker.Exec; stream: Duplex }> {
  const Env = Object.entries({ ...env, [markVariable]: mark }).map(([key, value]) => `${key}=${value}`);
  const asked = { Cmd: [...argv], Env, AttachStdin: stdin !== undefined, AttachStdout: true, AttachStderr: true };
  return ask(connection, `run ${argv[0] ?? 'nothing'} in ${name}`, async () => {
    try {
      const exec = await container.exec(asked);
      return { exec, stream: await exec.start({ hijack: true, stdin: stdin !== undefined }) };
    } catch (error) {
      // Not there, or not running: it is said which.
      if (statusOf(error) === 404 || statusOf(error) === 409) await findRunning(connection, lab, name);
      throw error;
    }
  });
}

/** The end of the input is told by closing our half of the connection. */
function feed(stream: Duplex, stdin: string | Uint8Array | undefined): void {
  if (stdin !== undefined) stream.end(stdin);
}

type Running = {
  container: Docker.Container;
  mark: string;
  ended: Promise<void>;
  signal: AbortSignal | undefined;
  limit: AbortSignal | undefined;
};

/** Waits for the command's end; true when it had to be brought about by the signal or the limit. */
async function endWhenStopped({ container, mark, ended, signal, limit }: Running): Promise<boolean> {
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
  if (stopped) await endMarked(container, mark, ended);
  return stopped;
}

/** The stream may end a moment before Docker has noted the exit. */
async function readExitCode(connection: Connection, { lab, name }: ExecTarget, exec: Docker.Exec): Promise<number> {
  const step = `read the exit code of a command in ${name}`;
  return ask(connection, step, async () => {
    for (let pause = 2; ; pause = Math.min(pause * 2, 200)) {
      const { Running: running, ExitCode: code } = await inspectExec(exec, lab, name);
      if (!running && code !== null) return code;
      await sleep(pause);
    }
  });
}

async function inspectExec(exec: Docker.Exec, lab: string, name: string): Promise<Docker.ExecInspectInfo> {
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
