/** `watch`: whether one node reaches another, from now on. */
import { watchReach, type Reaction } from '../../run/run.ts';
import type { NodeHandle } from '../inventory.ts';
import type { VerbScene } from './action.ts';

/** A ping from one node to another, ten times a second; what changes is in the report, on one line of time with what was done. */
export type ReachWatch = { stop(): Promise<Reaction[]> };

/** Resolves when it is known how it is now. */
export const watch = async (scene: VerbScene, from: NodeHandle, to: NodeHandle): Promise<ReachWatch> => {
  const { engine, lab, scenario, emit, track, atStepEnd } = scene;
  const words = { answers: `${to.name} answers ${from.name}`, silent: `${to.name} does not answer ${from.name}` };
  const { watching, stop } = watchReach({
    ...{ engine, lab: lab.name, from: from.name, to: to.address },
    say: ({ at, state }) => emit({ at, type: 'action', scenario, what: words[state], state: 'seen' }),
  });
  atStepEnd(stop);
  await track(watching);
  return { stop };
};
