/** zx's `$` bound to a container of the lab. The only importer of zx. */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { $ as zx, type Options } from 'zx/core';
import type { Engine, ExecOptions } from '../engine/engine.ts';
import { LabError } from '../lib/lab-error.ts';
import { quoteWord } from '../lib/quote.ts';
import { toSeconds, type Duration } from './duration.ts';
import type { Track } from './open-work.ts';

/** How a command ended and what it printed. */
export type ShellResult = {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** stdout without blank ends. */
  text: string;
  /** Lines of stdout, blank ones left out. */
  lines: string[];
};

/** How a command is run. */
export type ShellOptions = {
  /** Give the result of a failing command instead of throwing. */
  nothrow?: boolean;
  /** After this the command is ended inside the container; 60 s unless told otherwise. */
  timeout?: Duration;
  /** Text for the command's stdin. */
  input?: string;
};

/** A command as a template; every value in it arrives as exactly one argument, an array as several. */
export type Shell = {
  (pieces: TemplateStringsArray, ...values: readonly unknown[]): Promise<ShellResult>;
  (options: ShellOptions): Shell;
};

/** The container that commands run in, and until when. */
type ShellSite = {
  engine: Engine;
  lab: string;
  container: string;
  env?: Record<string, string>;
  /** Put before each command line, for `lab.kubectl`. */
  prefix?: string;
  signal: AbortSignal;
  /** Told of each command, so that one nobody awaits is noticed. */
  track?: Track;
};

const usualTimeoutSeconds = 60;

/**
 * Commands run by `sh -c` in the container. One that ends with another code than 0, or not in time (code 124), rejects with
 * SCEN003 unless `nothrow` is set; one that the engine could not run rejects with what the engine says, always.
 */
export const makeShell = (site: ShellSite, options: ShellOptions = {}): Shell => {
  const run = async (pieces: TemplateStringsArray, values: readonly unknown[]): Promise<ShellResult> => {
    const seconds = options.timeout === undefined ? usualTimeoutSeconds : toSeconds(options.timeout);
    const call: Call = { ...site, execOptions: { timeoutSeconds: seconds, signal: site.signal, ...(site.env ? { env: site.env } : {}) } };
    if (options.input !== undefined) call.execOptions.stdin = options.input;
    const output = await zx({ ...zxOptions, prefix: site.prefix ?? '', spawn: spawnIn(call) as unknown as Options['spawn'] })(
      pieces,
      ...(values as unknown[]),
    );
    if (call.failure) throw call.failure;
    if (call.line === undefined)
      throw new TypeError('the command is no valid template: a backslash before a digit, x or u must be doubled');
    const { stdout, stderr } = output;
    const exitCode = output.exitCode ?? 1;
    if (exitCode !== 0 && options.nothrow !== true) throw commandFailed(call, exitCode, stdout, stderr, seconds);
    return { exitCode, stdout, stderr, text: stdout.trim(), lines: stdout.split('\n').filter((line) => line.trim() !== '') };
  };
  const track: Track = site.track ?? ((work) => work);
  return ((first: TemplateStringsArray | ShellOptions, ...values: unknown[]) =>
    isTemplate(first) ? track(run(first, values)) : makeShell(site, { ...options, ...first })) as Shell;
};

const isTemplate = (value: TemplateStringsArray | ShellOptions): value is TemplateStringsArray => Array.isArray(value);

/** zx asks for a shell to quote for; ours is the container's `sh`, not one of this machine. */
const zxOptions = {
  shell: '/bin/sh',
  postfix: '',
  quote: (text: string) => quoteWord(text),
  nothrow: true,
  quiet: true,
  verbose: false,
  env: {},
} satisfies Partial<Options>;

type Call = ShellSite & { execOptions: ExecOptions; line?: string; failure?: Error; timedOut?: boolean };

/** A stand-in for child_process.spawn whose process runs in the container, through the engine. */
const spawnIn = (call: Call) => (line: string) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const child = Object.assign(new EventEmitter(), { stdout, stderr, stdin: null, kill: () => false });
  call.line = line;
  const end = (code: number): void => {
    child.emit('exit', code, null);
    let open = 2;
    const closed = (): void => {
      open -= 1;
      if (open === 0) child.emit('close', code, null);
    };
    for (const stream of [stdout, stderr]) stream.once('close', closed).end();
  };
  call.engine.exec(call.lab, call.container, ['sh', '-c', line], call.execOptions).then(
    (result) => {
      call.timedOut = result.timedOut;
      stdout.write(result.stdout);
      stderr.write(result.stderr);
      end(result.code);
    },
    (error: unknown) => {
      call.failure = error instanceof Error ? error : new Error(String(error));
      end(1);
    },
  );
  return child;
};

const commandFailed = (call: Call, exitCode: number, stdout: string, stderr: string, seconds: number): LabError => {
  const how = call.timedOut === true ? `did not end within ${seconds} s` : `ended with exit code ${exitCode}`;
  const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-10).join('\n');
  return new LabError('SCEN003', `a command on ${call.container} ${how}`, {
    command: call.line ?? '',
    ...(tail === '' ? {} : { outputTail: tail }),
  });
};
