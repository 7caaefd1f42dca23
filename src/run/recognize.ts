/** Finds out whether the lab that is already there is the one wanted and alive, or why it has to be built anew. */
import type { Owned } from '../engine/engine.ts';
import type { Plan } from '../model/plan.ts';
import { DeadlinePassed, withDeadline } from './deadline.ts';
import { compareIdentities } from './identity.ts';
import { perform, type Workshop } from './perform.ts';
import { makeTail } from './tail.ts';

/** Time the waits that prove a lab is up get, together, when nothing has to be built. */
const checkSeconds = 10;

/** `absent`: nothing of the lab exists. `remains`: something does, but not the lab that is wanted; `why` is for people. */
export type Recognition = { lab: 'alive' } | { lab: 'absent' } | { lab: 'remains'; why: string };

/** Compares what the engine has with the plan, then runs the plan's `verifies` waits side by side. */
export const recognizeLab = async (plan: Plan, shop: Workshop, signal: AbortSignal): Promise<Recognition> => {
  const found = await shop.engine.list(shop.owner.lab);
  if (found.length === 0) return { lab: 'absent' };
  const why = compareParts(plan, found, shop.owner.planHash) ?? (await findDeadWait(plan, shop, signal));
  return why === undefined ? { lab: 'alive' } : { lab: 'remains', why };
};

const compareParts = (plan: Plan, found: readonly Owned[], wanted: string): string | undefined => {
  const changed = found.map(({ planHash }) => compareIdentities(planHash, wanted)).find((result) => result !== 'same');
  if (changed !== undefined) return changed;
  const has = (kind: Owned['kind'], name: string): boolean => found.some((one) => one.kind === kind && one.name === name);
  const complete = plan.networks.every(({ name }) => has('network', name)) && plan.containers.every(({ name }) => has('container', name));
  if (!complete) return 'incomplete';
  const stopped = found.filter(({ kind, state }) => kind === 'container' && state !== 'running');
  return stopped.length === 0 ? undefined : `stopped: ${stopped.map(({ name }) => name).join(', ')}`;
};

/** Undefined when every wait holds; else what did not. A plan without such waits cannot prove that it was ever finished. */
const findDeadWait = async (plan: Plan, shop: Workshop, signal: AbortSignal): Promise<string | undefined> => {
  const waits = plan.steps.filter((step) => step.verifies === true);
  if (waits.length === 0) return 'nothing in its plan proves that it is complete';
  const results = await Promise.all(
    waits.map(async (step) => {
      const seen = makeTail(1);
      try {
        await withDeadline(checkSeconds, signal, (limited) =>
          perform(shop, { ...step, timeoutSeconds: checkSeconds }, { signal: limited, onLine: (line) => seen.add(line) }),
        );
        return undefined;
      } catch (error) {
        signal.throwIfAborted();
        const reason = error instanceof DeadlinePassed ? undefined : error instanceof Error ? error.message : String(error);
        return `not well: ${[step.title, seen.last() ?? reason].filter((part) => part !== undefined).join(': ')}`;
      }
    }),
  );
  return results.find((result) => result !== undefined);
};
