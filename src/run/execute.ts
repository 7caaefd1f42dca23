/** Walks the plan's graph of steps: each starts when all it needs is done; the first failure stops the others. */
import { atMost } from '../lib/at-most.ts';
import type { Plan, Step, StepId } from '../model/plan.ts';
import { runStep, type StepRun } from './run-step.ts';

/** The reason other steps are cancelled with when one has failed. */
class AnotherStepFailed extends Error {
  override readonly name = 'AnotherStepFailed';
}

/**
 * Networks and containers asked for at once. An engine makes them nearly one by one: asked for a hundred, it lets the last one
 * wait for longer than its step may take.
 */
const madeAtOnce = 16;

const isMaking = ({ action }: Step): boolean => action.do === 'network' || action.do === 'container';

/**
 * Resolves when every step is done; `onDone` hears of each. Rejects with the StepFailure of the first step that failed, or with the reason of
 * `signal`, in both cases after all running steps have ended.
 */
export const executePlan = async (plan: Plan, options: StepRun & { onDone?: (step: StepId) => void }): Promise<void> => {
  const graph = countNeeds(plan.steps);
  const making = atMost(madeAtOnce);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const ready = plan.steps.filter((step) => graph.open.get(step.id) === 0);
  const { promise: settled, resolve: settle } = Promise.withResolvers<undefined>();
  let running = 0;
  let left = plan.steps.length;
  let failure: { error: unknown } | undefined;

  const startReady = (): void => {
    while (!signal.aborted && ready.length > 0) void run(ready.shift()!);
    if (running === 0) settle(undefined);
  };
  const run = async (step: Step): Promise<void> => {
    running += 1;
    try {
      const work = async (): Promise<void> => {
        signal.throwIfAborted();
        await runStep(step, { ...options, signal });
      };
      await (isMaking(step) ? making(work) : work());
      left -= 1;
      options.onDone?.(step.id);
      ready.push(...graph.release(step.id));
    } catch (error) {
      failure ??= { error };
      stop.abort(new AnotherStepFailed(`"${step.title}" failed`));
    }
    running -= 1;
    startReady();
  };

  options.signal.throwIfAborted();
  startReady();
  await settled;
  options.signal.throwIfAborted();
  if (failure !== undefined) throw failure.error;
  if (left > 0) throw new Error(`${left} steps of the plan need each other or a step that does not exist`);
};

/** `open`: needs not yet done, by step; `release` marks a step done and returns the steps that became ready. */
const countNeeds = (steps: readonly Step[]): { open: Map<StepId, number>; release: (done: StepId) => Step[] } => {
  const open = new Map(steps.map((step) => [step.id, new Set(step.needs).size]));
  const dependents = new Map<StepId, Step[]>();
  for (const step of steps) for (const need of new Set(step.needs)) dependents.set(need, [...(dependents.get(need) ?? []), step]);
  const release = (done: StepId): Step[] =>
    (dependents.get(done) ?? []).filter((step) => {
      const count = (open.get(step.id) ?? 0) - 1;
      open.set(step.id, count);
      return count === 0;
    });
  return { open, release };
};
