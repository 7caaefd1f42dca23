/** Runs a step, or the cleanup, to the end of all it began, and says what went wrong with it. */
import { standingOf } from '../lib/standing.ts';
import type { Check } from '../model/check.ts';
import { describeFailure } from './describe-failure.ts';
import { withOpenWork } from './open-work.ts';
import { orAborted } from './or-aborted.ts';
import type { StepRun } from './scenario.ts';
import { makeContext, type Stage, type Turn } from './step-context.ts';

/** How long `cleanup` may take, seconds; it also runs after an interrupt. */
const cleanupSeconds = 15;

/** A step by its place among the others; `checks` are those of the whole scenario so far. */
type Numbered = { run: StepRun; index: number; checks: readonly Check[] };

type Beginning = Omit<Turn, 'track' | 'atStepEnd'>;

/** True when the step threw. */
export const runStep = async (stage: Stage, { run, index, checks }: Numbered, turn: Beginning): Promise<boolean> => {
  const { emit, now, file } = stage;
  const { name, signal } = turn;
  signal.throwIfAborted();
  const began = now();
  const before = checks.length;
  emit({ at: began, type: 'scenario-step', scenario: name, index, state: 'started' });
  const finish = (state: 'passed' | 'failed', message?: string): void =>
    emit({
      at: now(),
      type: 'scenario-step',
      scenario: name,
      index,
      state,
      seconds: (now() - began) / 1000,
      ...(message === undefined ? {} : { message }),
    });
  try {
    await runToEnd(stage, run, turn);
  } catch (error) {
    signal.throwIfAborted();
    finish('failed', describeFailure(error, file));
    return true;
  }
  const missed = checks.slice(before).filter((check) => standingOf(check) === 'failed').length;
  if (missed === 0) finish('passed');
  else finish('failed', `${missed} of ${checks.length - before} checks did not hold`);
  return false;
};

/** What went wrong with it, or undefined. */
export const runCleanup = async (stage: Stage, cleanup: StepRun, turn: Omit<Beginning, 'signal'>): Promise<string | undefined> => {
  try {
    await runToEnd(stage, cleanup, { ...turn, signal: AbortSignal.timeout(cleanupSeconds * 1000) });
    return undefined;
  } catch (error) {
    return describeFailure(error, stage.file);
  }
};

const runToEnd = (stage: Stage, run: StepRun, turn: Beginning): Promise<void> =>
  orAborted(
    withStepEnds((atStepEnd) => withOpenWork((track) => run(makeContext(stage, { ...turn, track, atStepEnd })))),
    turn.signal,
  );

/** Runs what a step left to its end, also when it failed. */
const withStepEnds = async (run: (atStepEnd: Turn['atStepEnd']) => Promise<void>): Promise<void> => {
  const ends: (() => Promise<unknown>)[] = [];
  try {
    await run((work) => void ends.push(work));
  } finally {
    await Promise.all(ends.map((end) => end()));
  }
};
