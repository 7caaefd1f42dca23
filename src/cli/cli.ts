/** What a command gets from the process it runs in; tests hand over something else. */
import type { Engine } from '../engine/engine.ts';

/** What commands use of a stdout or stderr. */
type Stream = {
  write(text: string | Uint8Array): unknown;
  /** True once nobody reads any more. */
  destroyed?: boolean;
  isTTY?: boolean;
  columns?: number;
};

/** One command's surroundings; it may change `cleanup`, `attached` and `exitCode`. */
export type Cli = {
  /** The checkout: topologies/, scenarios/ and images/ are in it. */
  root: string;
  /** Paths that a user gives are relative to this. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  stdout: Stream;
  stderr: Stream;
  stdinIsTty: boolean;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Aborted by the first Ctrl-C. */
  signal: AbortSignal;
  /** What the user can run to clean up, said when a second Ctrl-C leaves everything as it is. */
  cleanup: string | undefined;
  /** True while a program inside a lab has the terminal: Ctrl-C is for it then. */
  attached: boolean;
  connect: () => Promise<Engine>;
  /** Exit code of the command that ran. */
  exitCode: number;
};

/** Options that every command has. */
export type Shared = { json?: boolean; debug?: boolean; color: boolean };

/** True when output may be coloured: a terminal, and nobody asked for plain text (https://no-color.org). */
export const wantsColor = ({ env }: Pick<Cli, 'env'>, stream: Stream, { color }: Shared): boolean =>
  color && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb' && (stream.isTTY === true || (env.FORCE_COLOR ?? '') !== '');

/** The result on stdout, indented by two. */
export const printJson = (cli: Cli, value: unknown): void => void cli.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);

/** The result on stdout, with a line end at its end. */
export const print = (cli: Cli, text: string): void => void cli.stdout.write(text.endsWith('\n') ? text : `${text}\n`);

/** For what is not the result: progress, hints, warnings. */
export const note = (cli: Cli, text: string): void => void cli.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
