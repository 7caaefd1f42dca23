/** Puts other routers into a lab that is up: the same wiring, another NAT, and nothing remembered of what went through before. */
import type { Engine } from '../engine/engine.ts';
import type { Plan, Step } from '../model/plan.ts';
import { reopenWorkshop } from './perform.ts';
import { awaitWell } from './recognize.ts';
import { awaitOnline, performLoud, restartContainers } from './restart.ts';

/** The lab with its new routers. */
export type SwapOptions = {
  engine: Engine;
  /** As the lab is to be; it differs from what is there in its routers only. */
  plan: Plan;
  signal: AbortSignal;
};

/**
 * Resolves when the routers are measured to behave as the plan declares and what runs on the nodes has found its way, or had a minute to:
 * with what is still not well behind them, for a tunnel may never get through, and with what had to be cured. Rejects with NAT001 when a
 * router behaves otherwise.
 */
export const swapRouters = async ({ engine, plan, signal }: SwapOptions): ReturnType<typeof awaitWell> => {
  const named = (wanted: (role: string) => boolean): string[] => plan.containers.filter(({ role }) => wanted(role)).map(({ name }) => name);
  await restartContainers({ engine, plan, containers: named((role) => role === 'router'), how: 'kill', signal });
  await awaitOnline(
    engine,
    plan,
    named((role) => role !== 'core'),
    signal,
  );
  const shop = reopenWorkshop(plan, engine);
  const proofs = plan.steps.filter((step: Step) => step.proves !== undefined);
  await Promise.all(proofs.map((step) => performLoud(shop, step, signal)));
  return awaitWell(plan, shop, signal);
};
