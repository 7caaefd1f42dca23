/** `playFaults`: the timeline of the topology, from now on. */
import { LabError } from '../../lib/lab-error.ts';
import { playFaults } from '../../run/run.ts';
import type { VerbScene } from './action.ts';

/** Resolves when all faults are over and undone; SCEN002 where the topology has none. */
export const playTimeline = async ({ engine, lab, plan, signal, track, tell }: VerbScene): Promise<void> => {
  const { faults = [] } = lab;
  if (faults.length === 0)
    throw new LabError('SCEN002', `lab "${lab.name}" has no faults to play`, { hint: 'write `faults:` into its topology' });
  await track(
    playFaults({
      ...{ engine, lab, plan, signal, faults },
      say: ({ what, state, message }) => tell(message === undefined ? what : `${what}: ${message}`, state),
    }),
  );
};
