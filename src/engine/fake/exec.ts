/** Runs one scripted command: output first, then its time, its time-out or its abort. */
import type { Clock } from '../../lib/clock.ts';
import type { ExecOptions, ExecResult } from '../engine.ts';
import { makeLineSplitter } from '../line-splitter.ts';
import { pass } from './faults.ts';
import type { ExecScript } from './script.ts';

type FakeExec = { script: ExecScript; clock: Clock; lab: string; container: string; argv: readonly string[]; options: ExecOptions };

/** Gives the output of the rule that fits at once, then lets its time pass. A time-out gives code 124, an abort rejects with its reason. */
export async function runExec({ script, clock, lab, container, argv, options }: FakeExec): Promise<ExecResult> {
  const { stdin = '', env = {}, signal, timeoutSeconds, onLine, onBytes } = options;
  const text = argv.join(' ');
  const answer = await script.answer({
    lab,
    container,
    argv,
    text,
    env,
    stdin: typeof stdin === 'string' ? stdin : new TextDecoder().decode(stdin),
  });
  const { code = 0, stdout = '', stderr = '', takes = 0 } = answer;
  if (onBytes) onBytes(typeof stdout === 'string' ? new TextEncoder().encode(stdout) : stdout);
  else tell(asText(stdout), 'stdout', onLine);
  tell(stderr, 'stderr', onLine);

  const timedOut = timeoutSeconds !== undefined && (takes === 'forever' || takes > timeoutSeconds);
  const seconds = timedOut ? timeoutSeconds : takes;
  await pass(clock, seconds, signal);
  return { code: timedOut ? 124 : code, stdout: onBytes ? '' : asText(stdout), stderr, seconds: Number(seconds), timedOut };
}

function asText(output: string | Uint8Array): string {
  return typeof output === 'string' ? output : new TextDecoder().decode(output);
}

function tell(text: string, stream: 'stdout' | 'stderr', onLine: ExecOptions['onLine']): void {
  const lines = makeLineSplitter((line) => onLine?.(line, stream));
  lines.push(new TextEncoder().encode(text));
  lines.end();
}
