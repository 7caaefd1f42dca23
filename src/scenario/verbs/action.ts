/** What a scenario does to its lab: each action is an event, and so is its end; the last one done is the first one undone. */
import type { LabEvent } from '../../model/event.ts';
import type { Fault } from '../../model/fault.ts';
import { actFault, type Heal } from '../../run/run.ts';
import type { CaptureFile } from '../capture-file.ts';
import type { LabSite } from '../lab-handle.ts';

/** What verbs work with: the lab, and the scenario whose step they are called in. */
export type VerbSite = LabSite & {
  scenario: string;
  emit: (event: LabEvent) => void;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Runs at the end of the scenario, whatever happened, without the step's signal. */
  undo: (what: string, work: (signal: AbortSignal) => Promise<void>) => void;
  /** Faults that are on, by name: one step may end what an earlier one began. */
  healers: Map<string, Heal>;
  /** Runs at the end of the step. */
  atStepEnd: (work: () => Promise<unknown>) => void;
  /** Opens a file for a capture. */
  openCapture: (name: string) => Promise<CaptureFile>;
};

/** How verbs do things. */
type Actions = {
  tell: (what: string, state: 'done' | 'seen' | 'undone' | 'failed') => void;
  /** Does it and tells so, or that it failed; rejects as the work does. */
  act: (what: string, work: () => Promise<unknown>) => Promise<void>;
  /** Begins a fault under a name of its own; gives what ends it before the scenario does. */
  begin: (name: string, what: string, fault: Fault) => Promise<() => Promise<void>>;
  /** Ends the fault of that name where it is on. */
  end: (name: string, what: string, later?: AbortSignal) => Promise<void>;
};

/** What each verb is given. */
export type VerbScene = VerbSite & Actions;

/** What they do is tracked: the step ends no earlier. `begin` registers the undo before the fault, since a fault may begin in part. */
export const makeActions = (site: VerbSite): Actions => {
  const { track, undo, healers } = site;
  const tell: Actions['tell'] = (what, state) => site.emit({ at: site.now(), type: 'action', scenario: site.scenario, what, state });
  const act: Actions['act'] = async (what, work) => {
    await track(
      work().catch((error: unknown) => {
        tell(what, 'failed');
        throw error;
      }),
    );
    tell(what, 'done');
  };
  const end: Actions['end'] = async (name, what, later) => {
    const heal = healers.get(name);
    healers.delete(name);
    if (!heal) return;
    await heal(later);
    tell(what, 'undone');
  };
  const begin: Actions['begin'] = async (name, what, fault) => {
    // whatever begins may begin in part: its end is there before it is
    undo(what, (later) => end(name, what, later));
    await act(what, async () => {
      const heal = await actFault(site, fault);
      if (heal) healers.set(name, heal);
    });
    return () => track(end(name, what));
  };
  return { tell, act, begin, end };
};
