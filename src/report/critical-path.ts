/** Which steps decided how long `up` took: from the last step to end back along what each one waited for. */
import type { StepId } from '../model/plan.ts';
import type { StepRecord } from './run-record.ts';

/** Ids of those steps. Making any other step faster does not make `up` faster. */
export const findCriticalPath = (steps: ReadonlyMap<StepId, StepRecord>): Set<StepId> => {
  const path = new Set<StepId>();
  let next = latest([...steps.values()]);
  while (next !== undefined && !path.has(next.step.id)) {
    path.add(next.step.id);
    next = latest(next.step.needs.flatMap((id) => steps.get(id) ?? []));
  }
  return path;
};

const latest = (steps: readonly StepRecord[]): StepRecord | undefined =>
  steps
    .filter(({ finishedAt }) => finishedAt !== undefined)
    .reduce<StepRecord | undefined>((last, one) => (last !== undefined && last.finishedAt! >= one.finishedAt! ? last : one), undefined);
