/** Removes labs. Their labels are all it needs to know, so it also removes what a killed edgelab left half-built. */
import type { Engine, LabName } from '../engine/engine.ts';
import { LabError } from '../lib/lab-error.ts';
import type { LabEvent } from '../model/event.ts';

/** How many there were of each. */
export type Removed = { containers: number; networks: number; volumes: number };

/** Which lab goes, and who hears of it. */
export type DownOptions = {
  lab: LabName;
  engine: Engine;
  emit: (event: LabEvent) => void;
  signal?: AbortSignal;
  /** Milliseconds since the epoch. */
  now: () => number;
};

/** Removes everything of one lab; when there is nothing, the counts are zero. Throws INT001 when interrupted. */
export const down = async ({ lab, engine, emit, signal, now }: DownOptions): Promise<Removed> => {
  const startedAt = now();
  emit({ at: startedAt, type: 'down-started', lab });
  const removed = await engine.remove(lab, signal).catch((error: unknown) => {
    throw signal?.aborted === true ? interrupted(lab, `a part of lab ${lab}`) : error;
  });
  const at = now();
  emit({ at, type: 'down-finished', lab, seconds: (at - startedAt) / 1000, removed });
  return removed;
};

/** What a command that was interrupted ends with. `left`: undefined where nothing is. */
export const interrupted = (lab: LabName, left: string | undefined): LabError =>
  new LabError('INT001', 'interrupted', describeLeft(lab, left));

/** Says how to clean up only where there is something to clean up. */
export const describeLeft = (lab: LabName, left: string | undefined): { left: string; cleanup?: string } =>
  left === undefined ? { left: 'nothing' } : { left, cleanup: `edgelab down ${lab}` };

/** Removes every lab there is, one after another; the result is by lab. */
export const downAll = async (options: Omit<DownOptions, 'lab'>): Promise<Map<LabName, Removed>> => {
  const labs = [...new Set((await options.engine.labs()).map(({ lab }) => lab))].sort();
  const removed = new Map<LabName, Removed>();
  for (const lab of labs) removed.set(lab, await down({ ...options, lab }));
  return removed;
};
