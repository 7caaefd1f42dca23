/** Runs one step from its first event to its last: deadline, output, capture, and why it failed. */
import { messageOf } from '../lib/message-of.ts';
import type { LabEvent } from '../model/event.ts';
import type { Step } from '../model/plan.ts';
import { DeadlinePassed, withDeadline } from './deadline.ts';
import type { Masker } from './masker.ts';
import { perform, ScriptFailed, type Workshop } from './perform.ts';
import { StepFailure, summarize } from './step-failure.ts';
import { watchOutput } from './watch-output.ts';

/** What all steps of one `up` are run with. */
export type StepRun = {
  shop: Workshop;
  masker: Masker;
  emit: (event: LabEvent) => void;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Aborted when the lab is interrupted or another step has failed. */
  signal: AbortSignal;
};

/** Resolves when the step is done; rejects with StepFailure, or with the reason of `signal` when it was cancelled. */
export const runStep = async (step: Step, { shop, masker, emit, now, signal }: StepRun): Promise<void> => {
  const startedAt = now();
  emit({ at: startedAt, type: 'step-started', step: step.id });
  const output = watchOutput(step, masker, (line) => emit({ at: now(), type: 'step-output', step: step.id, line }));
  const finish = (outcome: 'done' | 'failed' | 'cancelled', message?: string): void => {
    const at = now();
    const seconds = (at - startedAt) / 1000;
    emit({ at, type: 'step-finished', step: step.id, outcome, seconds, ...(message === undefined ? {} : { message }) });
  };
  if (step.shown) {
    finish('done');
    return;
  }
  try {
    // A script is ended by the engine, which then still has its last words; the deadline here is for an engine that hangs.
    const headStart = 'script' in step.action ? 1 : 0;
    const result = await withDeadline(step.timeoutSeconds + headStart, signal, (limited) =>
      perform(shop, step, { signal: limited, onLine: output.onLine }),
    );
    if (step.capture !== undefined) shop.captures.keep(step.capture, result?.stdout ?? '');
  } catch (error) {
    if (signal.aborted) {
      finish('cancelled');
      throw signal.reason;
    }
    const failure = explain(step, error, output, masker);
    finish('failed', summarize(failure.facts));
    throw failure;
  }
  finish('done');
};

const explain = (step: Step, error: unknown, output: ReturnType<typeof watchOutput>, masker: Masker): StepFailure => {
  const result = error instanceof ScriptFailed ? error.result : undefined;
  output.close(result);
  const late = error instanceof DeadlinePassed || result?.timedOut === true;
  return new StepFailure(
    {
      step,
      kind: late ? 'deadline' : 'failed',
      reason: masker.hide(messageOf(error)),
      lastObservation: output.tail.last(),
      outputTail: output.tail.text(),
    },
    { cause: error },
  );
};
