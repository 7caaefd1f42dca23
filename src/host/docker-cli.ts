/** The docker command line, for what the engine's API does worse: builds, archives, streams between two programs. */
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { LabError } from '../lib/lab-error.ts';
import { runCommand, type CommandOptions, type CommandResult } from './command.ts';

/** Program and arguments; no shell reads them. */
export type Argv = readonly [string, ...string[]];

/** Lines of output kept for an error. */
const tailLines = 25;

/** Runs `docker <args>`; a failure is a result. Throws only the signal's reason. */
export const tryDocker = async (args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> => {
  const result = await runCommand(['docker', ...args], options);
  options.signal?.throwIfAborted();
  return result;
};

/** Runs `docker <args>` and resolves to its stdout. Throws LabError ENGINE001 with the tail of its output, or the signal's reason. */
export const runDocker = async (args: readonly string[], options: CommandOptions = {}): Promise<string> => {
  const result = await tryDocker(args, options);
  if (result.code !== 0) throw commandFailed(['docker', ...args], `${result.stdout}\n${result.stderr}`);
  return result.stdout;
};

type StreamOptions = {
  signal?: AbortSignal | undefined;
  env?: Record<string, string>;
  /** Called for each line of stderr of the program that writes. */
  onLine?: (line: string) => void;
};

/**
 * `<from> | <to>`; resolves to the stdout of `to` once both have ended well. Throws LabError ENGINE001 naming the one
 * that failed, or the signal's reason.
 */
export const pipeCommands = async (from: Argv, to: Argv, { signal, env, onLine }: StreamOptions = {}): Promise<string> => {
  const shared = { reject: false, ...(signal && { cancelSignal: signal }) } as const;
  const listen = function* (line: unknown): Generator<string> {
    onLine?.(String(line));
    yield String(line);
  };
  const source = execa(from[0], from.slice(1), {
    ...shared,
    ...(env && { env }),
    stdin: 'ignore',
    stderr: listen,
    buffer: { stdout: false },
  });
  const [written, read] = await Promise.all([source.pipe(to[0], to.slice(1), shared), source]);
  signal?.throwIfAborted();
  // A target that gave up breaks the pipe of its source, so its own words come first; one that got too little says less.
  const brokenPipe = read.signal === 'SIGPIPE' || read.exitCode === undefined;
  if (read.exitCode !== 0 && !brokenPipe) throw commandFailed(from, read.stderr);
  if (written.exitCode !== 0) throw commandFailed(to, `${written.stdout}\n${written.stderr}`);
  if (read.exitCode !== 0) throw commandFailed(from, read.stderr);
  return written.stdout;
};

/** `docker <args> < source`; resolves to its stdout. Throws like `runDocker`, or what the source fails with. */
export const feedDocker = async (args: readonly string[], source: Readable, signal?: AbortSignal): Promise<string> => {
  const child = execa('docker', args, { reject: false, stdin: 'pipe', ...(signal && { cancelSignal: signal }) });
  // When docker gives up early, the broken pipe says less than its own words.
  const [fed, result] = await Promise.all([settle(pipeline(source, child.stdin)), child]);
  signal?.throwIfAborted();
  if (result.exitCode !== 0) throw commandFailed(['docker', ...args], `${result.stdout}\n${result.stderr}`);
  if (fed.error) throw fed.error;
  return result.stdout;
};

/** `docker <args> > target`. Throws like `runDocker`, or what the target fails with. */
export const drainDocker = async (args: readonly string[], target: Writable, signal?: AbortSignal): Promise<void> => {
  const options = { reject: false, buffer: { stdout: false }, stdin: 'ignore', ...(signal && { cancelSignal: signal }) } as const;
  const child = execa('docker', args, options);
  const [drained, result] = await Promise.all([settle(pipeline(child.stdout, target)), child]);
  signal?.throwIfAborted();
  if (drained.error) throw drained.error;
  if (result.exitCode !== 0) throw commandFailed(['docker', ...args], result.stderr);
};

const settle = (work: Promise<void>): Promise<{ error?: Error }> =>
  work.then(
    () => ({}),
    (error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) }),
  );

/**
 * Environment for `docker build`: BuildKit where it builds inside the engine, so that it sees the engine's own images;
 * else the classic builder, which every engine since 20.10 has.
 */
export const builderEnvironment = async (signal?: AbortSignal): Promise<Record<string, string>> => {
  const { code, stdout } = await tryDocker(['buildx', 'inspect'], { ...(signal && { signal }) });
  const inEngine = code === 0 && /^Driver:\s+docker$/m.test(stdout);
  return { DOCKER_BUILDKIT: inEngine ? '1' : '0', BUILDKIT_PROGRESS: 'plain' };
};

/** The last lines that say something. */
export const tailOf = (output: string): string =>
  output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-tailLines)
    .join('\n');

const commandFailed = (argv: Argv, output: string): LabError =>
  new LabError('ENGINE001', `${argv.slice(0, 2).join(' ')} failed`, { command: argv.join(' '), outputTail: tailOf(output) });
