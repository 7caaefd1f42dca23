/** Brings a lab up: recognises one that is alive, clears away remains, executes the plan, and explains and cleans up a failure. */
import { join } from 'node:path';
import type { Engine, Ownership } from '../engine/engine.ts';
import { messageOf } from '../lib/message-of.ts';
import type { LabEvent } from '../model/event.ts';
import type { ImageBinding } from '../model/image.ts';
import type { Lab } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import { bundleName, writeBundle } from './bundle.ts';
import { makeCaptures } from './captures.ts';
import { makeCures } from './cures.ts';
import { executePlan } from './execute.ts';
import { identify } from './identity.ts';
import { makeMasker, type Masker } from './masker.ts';
import { openWorkshop } from './perform.ts';
import { recognizeLab } from './recognize.ts';
import { askRemarks } from './remarks.ts';
import { StepFailure, toLabError } from './step-failure.ts';
import { describeLeft, down, interrupted } from './teardown.ts';

/** An `up` that takes so long is one of which its nodes are asked why; the slowest labs here take 40 s. */
const longSeconds = 60;

/** The lab, how it is built, and who hears of it. */
export type UpOptions = {
  lab: Lab;
  plan: Plan;
  /** Absolute path, for labels. */
  topologyFile: string;
  engine: Engine;
  images: ImageBinding;
  emit: (event: LabEvent) => void;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Where `<lab>-<UTC stamp>/` is made when a step fails. */
  runsDirectory: string;
  /** Leave a lab that failed as it is, for study. */
  keep?: boolean;
  /** How many steps may run at the same time; no limit when absent. */
  limit?: number;
};

/** A lab that is up. */
export type RunningLab = {
  lab: Lab;
  plan: Plan;
  /** True when the lab was already there and alive. */
  reused: boolean;
  /** From the call until everything was up. */
  seconds: number;
};

/**
 * Throws LabError UP001 or UP002 after a step failed (bundle written, lab removed unless `keep`), INT001 when
 * interrupted (what was being built is removed, a lab that was alive is left), ENGINE… when the engine does not answer.
 */
export const up = async (options: UpOptions): Promise<RunningLab> => {
  const { lab, plan, engine, signal, now } = options;
  const startedAt = now();
  const secondsSince = (): number => (now() - startedAt) / 1000;
  const events: LabEvent[] = [];
  const emit = (event: LabEvent): void => {
    events.push(event);
    options.emit(event);
  };
  const tell = (text: string): void => emit({ at: now(), type: 'notice', level: 'info', text });
  const owner: Ownership = { lab: lab.name, planHash: identify(plan, options.images), topology: options.topologyFile };
  const masker = makeMasker();
  const shop = openWorkshop(plan, { engine, owner, images: options.images, captures: makeCaptures(masker) });
  const stopOnSignal = async <T>(left: string | undefined, work: () => Promise<T>): Promise<T> => {
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      throw signal.aborted ? interrupted(lab.name, left) : error;
    }
  };

  const found = await stopOnSignal(undefined, () => recognizeLab(plan, shop, signal));
  const reused = found.lab === 'alive' || found.lab === 'restored';
  if (found.lab === 'restored') {
    if (found.containers.length > 0) tell(`${lab.name} had been stopped: ${started(found.containers)}, nothing was built anew`);
    for (const line of found.mended) tell(`mended: ${line}`);
  }
  if (found.lab === 'remains') {
    tell(`${lab.name} is built anew: ${found.why}`);
    await stopOnSignal(`a part of lab ${lab.name}`, () => down({ lab: lab.name, engine, emit, signal, now }));
  }
  emit({ at: now(), type: 'up-started', plan, reused });
  const remark = async (): Promise<void> => (await askRemarks(plan, engine)).forEach(tell);
  const cures = makeCures(plan, engine, tell);
  try {
    if (!reused) await executePlan(plan, { ...options, shop, masker, emit, onDone: cures.afterStep }).finally(cures.end);
  } catch (error) {
    emit({ at: now(), type: 'up-finished', ok: false, seconds: secondsSince() });
    if (!signal.aborted) await remark();
    throw await giveUp(error, { ...options, emit, events, masker });
  }
  if (secondsSince() >= longSeconds) await remark();
  emit({ at: now(), type: 'up-finished', ok: true, seconds: secondsSince() });
  return { lab, plan, reused, seconds: secondsSince() };
};

const started = (containers: readonly string[]): string =>
  `${containers.length} container${containers.length === 1 ? ' was' : 's were'} started and wired again`;

type Aftermath = UpOptions & { events: readonly LabEvent[]; masker: Masker };

/** Keeps the evidence, removes the lab, and says both in the error that is to be thrown. */
const giveUp = async (error: unknown, options: Aftermath): Promise<unknown> => {
  const { lab, signal } = options;
  if (signal.aborted) return interrupted(lab.name, await clearAway(options));
  if (!(error instanceof StepFailure)) {
    await clearAway(options);
    return error;
  }
  const bundle = await keepEvidence(error, options);
  const left = options.keep === true ? `lab ${lab.name} as it failed, because it was to be kept` : await clearAway(options);
  return toLabError(error, { ...describeLeft(lab.name, left), hint: bundle });
};

const keepEvidence = async (failure: StepFailure, options: Aftermath): Promise<string> => {
  const { lab, emit, now, runsDirectory } = options;
  const directory = join(runsDirectory, bundleName(lab.name, now()));
  emit({ at: now(), type: 'notice', level: 'info', text: `collecting the logs of every node in ${directory}` });
  try {
    return `logs of every node are in ${await writeBundle({ ...options, failure, directory })}`;
  } catch (error) {
    return `logs could not be kept: ${messageOf(error)}`;
  }
};

/** Removes the lab, without the signal that may already be aborted; says what is left, nothing as undefined. */
const clearAway = async ({ lab, engine, emit, now }: Aftermath): Promise<string | undefined> => {
  try {
    await down({ lab: lab.name, engine, emit, now });
    return undefined;
  } catch (error) {
    return `a part of lab ${lab.name} (${messageOf(error)})`;
  }
};
