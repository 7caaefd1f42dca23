/** A shell that stays in a container and runs one command after another: to begin a process there costs the engine 75 ms, and a shell 3. */
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { quoteWord, quoteWords } from '../../lib/quote.ts';
import type { ExecOptions } from '../engine.ts';
import { makeDemultiplexer } from './demux.ts';
import { makeFramed, signOf } from './framed.ts';

/** A command as the text of a shell. */
type ShellCommand = string;

/** Longer ones have a process of their own: a shell keeps the whole text in memory. */
const longest = 65_536;

/** The command for a shell; undefined for one that a shell's text cannot hold. */
export function asShellCommand(argv: readonly string[], { env = {}, stdin }: Pick<ExecOptions, 'env' | 'stdin'>): ShellCommand | undefined {
  if (stdin !== undefined && typeof stdin !== 'string') return undefined;
  const words = [...argv, ...Object.values(env), stdin ?? ''];
  const size = words.reduce((sum, { length }) => sum + length, 0);
  if (size > longest || words.some((word) => word.includes('\0'))) return undefined;
  if (!Object.keys(env).every((name) => /^[A-Za-z_]\w*$/.test(name))) return undefined;
  const exported = Object.entries(env).map(([name, value]) => `export ${name}=${quoteWord(value)}; `);
  // `exec` never takes a builtin, so a program of that name is run as Docker would run it
  const command = `( ${exported.join('')}exec ${quoteWords(argv)} ) 2>&3 3>&-`;
  return stdin === undefined ? `${command} </dev/null` : `printf %s ${quoteWord(stdin)} | ${command}`;
}

/** `begun` is false when the shell had ended before: nothing was run. `ended` gives the exit code, and undefined when the shell went meanwhile. */
type ShellRun = { begun: Promise<boolean>; ended: Promise<number | undefined> };

/** What tells how a process of a container has ended. */
export type Ended = Pick<Docker.Exec, 'inspect'>;

/** One command at a time. `exec` is the shell's own. */
export type Shell = {
  exec: Ended;
  /** False for one that has ended. */
  alive(): boolean;
  run(command: ShellCommand, write: (payload: Uint8Array, output: 'stdout' | 'stderr') => void): ShellRun;
  /** The process may end although this is open. */
  rest(): void;
  close(): void;
};

/** What a shell says of itself (`Killed`) must not be taken for a command's. */
const quiet = 'exec 3>&2 2>/dev/null\n';

/** Makes a shell of a process of `/bin/sh` that was just begun; `stream` carries its input and, as Docker mixes them, both outputs. */
export function makeShell(exec: Ended, stream: Duplex): Shell {
  let sink: (payload: Uint8Array, output: 'stdout' | 'stderr') => void = () => undefined;
  let lose = (): void => undefined;
  let alive = true;
  const go = (): void => {
    alive = false;
    lose();
  };
  // an error is no news: the command learns that its shell has gone, and the engine is asked why
  stream.once('end', go).once('close', go).on('error', go);
  stream.on(
    'data',
    makeDemultiplexer((payload, output) => sink(payload, output)),
  );
  stream.write(quiet);

  return {
    exec,
    alive: () => alive && stream.writable,
    run(command, write) {
      hold(stream, true);
      const sign = signOf(randomUUID());
      const begun = Promise.withResolvers<boolean>();
      const ended = Promise.withResolvers<number | undefined>();
      let open = 2;
      const end = (code: number): void => {
        open -= 1;
        if (open === 0) ended.resolve(code);
      };
      const outputs = {
        stdout: makeFramed(sign, { begun: () => begun.resolve(true), write: (payload) => write(payload, 'stdout'), ended: end }),
        stderr: makeFramed(sign, { write: (payload) => write(payload, 'stderr'), ended: end }),
      };
      sink = (payload, output) => outputs[output](payload);
      lose = () => {
        begun.resolve(false);
        ended.resolve(undefined);
      };
      if (alive) stream.write(framed(command, sign));
      else lose();
      return { begun: begun.promise, ended: ended.promise };
    },
    rest: () => hold(stream, false),
    close: () => stream.destroy(),
  };
}

const framed = (command: ShellCommand, sign: string): string => `
printf '%s\\n' ${quoteWord(sign)}; printf '%s\\n' ${quoteWord(sign)} >&3
${command}
code=$?; printf '%s %d\\n' ${quoteWord(sign)} $code; printf '%s %d\\n' ${quoteWord(sign)} $code >&3
`;

/** Whether Node waits for it. A stream through ssh has no such switch; it goes with its connection. */
function hold(stream: Duplex & { ref?: () => void; unref?: () => void }, wait: boolean): void {
  if (wait) stream.ref?.();
  else stream.unref?.();
}
