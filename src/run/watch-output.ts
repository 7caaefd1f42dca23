/** Listens to what a step prints: passes lines on as events, keeps the last ones, and holds back what may contain a secret. */
import type { ExecResult } from '../engine/engine.ts';
import type { Step } from '../model/plan.ts';
import type { Masker } from './masker.ts';
import type { Stream } from './perform.ts';
import { makeTail, type Tail } from './tail.ts';

type WatchedOutput = {
  onLine: (line: string, stream: Stream) => void;
  /** Call once when the step failed: adds what was held back or came without a newline at its end. */
  close(result: ExecResult | undefined): void;
  tail: Tail;
};

/**
 * A step that captures a secret prints nothing while it runs, because the secret is not known before its end.
 * If it fails, its stdout counts as secret and only its stderr is shown.
 */
export const watchOutput = (step: Step, masker: Masker, pass: (line: string) => void): WatchedOutput => {
  const tail = makeTail();
  const secret = step.capture?.secret === true;
  const held: Record<Stream, string[]> = { stdout: [], stderr: [] };
  const last: Partial<Record<Stream, string>> = {};
  const show = (line: string): void => tail.add(masker.hide(line));
  return {
    tail,
    onLine(line, stream) {
      last[stream] = line;
      if (secret) {
        held[stream].push(line);
        return;
      }
      const safe = masker.hide(line);
      tail.add(safe);
      pass(safe);
    },
    close(result) {
      const rest = (stream: Stream): string[] => {
        const unfinished = (result?.[stream] ?? '').split('\n').at(-1) ?? '';
        return unfinished === '' || unfinished === last[stream] ? [] : [unfinished];
      };
      if (secret) masker.add([...held.stdout, result?.stdout ?? ''].join('\n'));
      else rest('stdout').forEach(show);
      [...held.stderr, ...rest('stderr')].forEach(show);
    },
  };
};
