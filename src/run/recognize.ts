/** Finds out whether the lab that is already there is the one wanted and alive, or why it has to be built anew. */
import type { Owned } from '../engine/engine.ts';
import { linesOf } from '../lib/lines.ts';
import { messageOf } from '../lib/message-of.ts';
import type { Plan, Step } from '../model/plan.ts';
import { DeadlinePassed, withDeadline } from './deadline.ts';
import { compareIdentities } from './identity.ts';
import { findStopped, restartContainers } from './restart.ts';
import { perform, type Workshop } from './perform.ts';
import { makeTail } from './tail.ts';

/**
 * Time the waits that prove a lab is up get, together, when nothing has to be built. A node that was without its cloud takes some
 * ten seconds to be Ready again; building anew takes longer than waiting, and loses what is in the lab.
 */
const checkSeconds = 30;

/** The same after a start, where systemd, kubelet and edgecore begin anew, and after another change that takes its time to get over. */
const restoreSeconds = 60;

/** `absent`: nothing of the lab exists. `remains`: something does, but not the lab that is wanted; `why` is for people. */
export type Recognition =
  | { lab: 'alive' }
  /** Whole, but these containers had ended and were started and wired again, or cures were needed, one line each; all is well now. */
  | { lab: 'restored'; containers: string[]; mended: string[] }
  | { lab: 'absent' }
  | { lab: 'remains'; why: string };

/** Compares what the engine has with the plan, then runs the plan's `verifies` waits side by side. */
export const recognizeLab = async (plan: Plan, shop: Workshop, signal: AbortSignal): Promise<Recognition> => {
  const found = await shop.engine.list(shop.owner.lab);
  if (found.length === 0) return { lab: 'absent' };
  const changed = compareParts(plan, found, shop.owner.planHash);
  if (changed !== undefined) return { lab: 'remains', why: changed };
  const stopped = findStopped(found);
  if (stopped.length > 0) return restore(plan, shop, stopped, signal);
  const why = await findDeadWait(plan, shop, checkSeconds, signal);
  if (why === undefined) return { lab: 'alive' };
  const mended = await mend(plan, shop, signal);
  if (mended.length === 0) return { lab: 'remains', why };
  const still = await findDeadWait(plan, shop, restoreSeconds, signal);
  return still === undefined ? { lab: 'restored', containers: [], mended } : { lab: 'remains', why: still };
};

/** `docker stop`, or a restart of the engine or the machine: what was installed is still there. */
const restore = async (plan: Plan, shop: Workshop, containers: string[], signal: AbortSignal): Promise<Recognition> => {
  const list = containers.length === plan.containers.length ? 'all of it' : containers.join(', ');
  try {
    await restartContainers({ engine: shop.engine, plan, containers, how: 'start', signal });
  } catch (error) {
    signal.throwIfAborted();
    return {
      lab: 'remains',
      why: `stopped (${list}), and not to be started again: ${messageOf(error)}`,
    };
  }
  const { why, mended } = await awaitWell(plan, shop, signal);
  return why === undefined
    ? { lab: 'restored', containers, mended }
    : { lab: 'remains', why: `stopped (${list}), and after a start ${why}` };
};

/** What does not hold a while after a change to the lab, if anything, and what cures did meanwhile, one line each. */
export const awaitWell = async (
  plan: Plan,
  shop: Workshop,
  signal: AbortSignal,
): Promise<{ why: string | undefined; mended: string[] }> => {
  const [why, mended] = await Promise.all([findDeadWait(plan, shop, restoreSeconds, signal), mend(plan, shop, signal)]);
  return { why, mended };
};

const compareParts = (plan: Plan, found: readonly Owned[], wanted: string): string | undefined => {
  const changed = found.map(({ planHash }) => compareIdentities(planHash, wanted)).find((result) => result !== 'same');
  if (changed !== undefined) return changed;
  const has = (kind: Owned['kind'], name: string): boolean => found.some((one) => one.kind === kind && one.name === name);
  const complete = plan.networks.every(({ name }) => has('network', name)) && plan.containers.every(({ name }) => has('container', name));
  if (!complete) return 'incomplete';
  const odd = found.filter(({ kind, state }) => kind === 'container' && state !== 'running' && state !== 'exited');
  return odd.length === 0 ? undefined : odd.map(({ name, state }) => `${name} is ${state ?? 'in an unknown state'}`).join(', ');
};

/** What the cures of the plan say they did. One that fails or does not end says nothing: the waits will tell. */
const mend = async (plan: Plan, shop: Workshop, signal: AbortSignal): Promise<string[]> => {
  const said = await Promise.all(
    plan.steps.map(async (step) => {
      if (step.mend === undefined || !('container' in step.action)) return [];
      const cure: Step = { ...step, action: { do: 'exec', container: step.action.container, script: step.mend } };
      try {
        const result = await withDeadline(restoreSeconds, signal, (limited) =>
          perform(shop, { ...cure, timeoutSeconds: restoreSeconds }, { signal: limited, onLine: () => undefined }),
        );
        return linesOf(result?.stdout ?? '');
      } catch {
        signal.throwIfAborted();
        return [];
      }
    }),
  );
  return said.flat();
};

/** Undefined when every wait holds; else what did not. A plan without such waits cannot prove that it was ever finished. */
const findDeadWait = async (plan: Plan, shop: Workshop, limit: number, signal: AbortSignal): Promise<string | undefined> => {
  const waits = plan.steps.filter((step) => step.verifies === true);
  if (waits.length === 0) return 'nothing in its plan proves that it is complete';
  const results = await Promise.all(
    waits.map(async (step) => {
      const seen = makeTail(1);
      try {
        await withDeadline(limit, signal, (limited) =>
          perform(shop, { ...step, timeoutSeconds: limit }, { signal: limited, onLine: (line) => seen.add(line) }),
        );
        return undefined;
      } catch (error) {
        signal.throwIfAborted();
        const reason = error instanceof DeadlinePassed ? undefined : messageOf(error);
        return `not well: ${[step.title, seen.last() ?? reason].filter((part) => part !== undefined).join(': ')}`;
      }
    }),
  );
  return results.find((result) => result !== undefined);
};
