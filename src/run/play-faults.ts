/** Plays a timeline of faults on a lab that runs: each begins at its time and ends at its own or with the timeline. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/message-of.ts';
import type { TimedFault } from '../model/fault.ts';
import { actFault, describeFault } from './act-fault.ts';
import type { FaultScene, Heal } from './faults.ts';

/** `done`: it has happened, `undone`: it is over, `failed`: it could not be made or ended. */
export type FaultTurn = { what: string; state: 'done' | 'undone' | 'failed'; message?: string };

/** The lab, what goes wrong in it, and who hears of it. */
export type PlayOptions = FaultScene & {
  faults: readonly TimedFault[];
  say: (turn: FaultTurn) => void;
  /** Stands for actFault in tests. */
  act?: typeof actFault;
  /** Stands for the time of this machine in tests. */
  sleep?: Clock['sleep'];
};

/** How long each end may take, also after an interrupt; milliseconds. */
const healMs = 60_000;

const pass: Clock['sleep'] = (milliseconds, signal) => wait(milliseconds, undefined, { signal });

/**
 * Resolves when all is over and undone, the last thing first. Rejects with the first failure, or the signal's reason,
 * after everything that had begun is undone.
 */
export const playFaults = async ({ faults, say, act = actFault, sleep = pass, ...scene }: PlayOptions): Promise<void> => {
  const { signal } = scene;
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  /** What is on, in the order in which it began. */
  const on = new Map<TimedFault, Heal>();
  const failures: unknown[] = [];
  const fail = (what: string, error: unknown): void => {
    say({ what, state: 'failed', message: messageOf(error) });
    failures.push(error);
    stop.abort();
  };
  const end = async (one: TimedFault): Promise<void> => {
    const heal = on.get(one);
    if (!heal) return;
    on.delete(one);
    const what = describeFault(one.fault);
    await heal(AbortSignal.timeout(healMs)).then(
      () => say({ what, state: 'undone' }),
      (error: unknown) => fail(what, error),
    );
  };
  const run = async (one: TimedFault): Promise<void> => {
    const what = describeFault(one.fault);
    try {
      await sleep(one.atMs, stopped);
      const heal = await act({ ...scene, signal: stopped }, one.fault);
      say({ what, state: 'done' });
      if (!heal) return;
      on.set(one, heal);
      if (one.forMs === undefined) return;
      await sleep(one.forMs, stopped);
    } catch (error) {
      if (!stopped.aborted) fail(what, error);
      return;
    }
    await end(one);
  };
  await Promise.all(faults.map(run));
  for (const one of [...on.keys()].toReversed()) await end(one);
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
};

/** Milliseconds from the first moment to the last fault's end; those without an end of their own end with it. */
export const timelineMs = (faults: readonly TimedFault[]): number =>
  Math.max(0, ...faults.map(({ atMs, forMs = 0, fault }) => atMs + (fault.kind === 'flap' ? fault.times * fault.periodMs : forMs)));
