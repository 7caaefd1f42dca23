/** Runs a scenario on a lab that is up: its steps in order, its checks and their verdict as events. */
import type { Engine } from '../engine/engine.ts';
import type { Scene } from '../evidence/evidence.ts';
import { LabError } from '../lib/lab-error.ts';
import { standingOf } from '../lib/standing.ts';
import type { Check, Known, Verdict } from '../model/check.ts';
import type { LabEvent } from '../model/event.ts';
import type { Lab } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import { describeFailure } from './describe-failure.ts';
import { makeExpect } from './expect.ts';
import { openCaptureFile } from './capture-file.ts';
import { makeLabHandle } from './lab-handle.ts';
import { orAborted } from './or-aborted.ts';
import { withOpenWork, type Track } from './open-work.ts';
import type { Scenario, StepContext, StepRun } from './scenario.ts';
import { makeShell } from './shell.ts';
import { undoAll, type Undo } from './undo.ts';
import { makeLiveLab, type Healers } from './verbs.ts';
import { adminKubeconfig } from './cluster.ts';

export { loadScenario } from './load.ts';
export type { Scenario } from './scenario.ts';

export type RunScenarioOptions = {
  scenario: Scenario;
  /** Path it was loaded from; its base name identifies it in events. */
  file: string;
  lab: Lab;
  plan: Plan;
  engine: Engine;
  emit: (event: LabEvent) => void;
  signal: AbortSignal;
  now: () => number;
  /** Where captures go; a folder of the system's own unless given. */
  folder?: string;
  /** What the user called it, to call it so again. */
  called?: string;
  /** Only checks that cite this claim or have this id count; all steps run, for one may build on another. */
  only?: string;
};

export type ScenarioResult = { verdict: Verdict; checks: Check[]; seconds: number };

/** Titles of the steps, without running anything. */
export const listSteps = ({ steps }: Scenario): string[] => steps.map(({ title }) => title);

/** How long `cleanup` may take, seconds; it also runs after an interrupt. */
const cleanupSeconds = 15;

/**
 * Passed when no step threw and every check held. Rejects with the signal's reason when interrupted, and with SCEN002
 * when the lab lacks what the scenario needs.
 */
export const runScenario = async (options: RunScenarioOptions): Promise<ScenarioResult> => {
  const { scenario, file, lab, emit, signal, now } = options;
  requireComponents(scenario, lab);
  const name = nameOf(file);
  const began = now();
  const known = findKnown(options);
  const checks: Check[] = [];
  const take = (check: Check): void => {
    const unique = withUniqueId(check.ok || check.known || !known ? check : { ...check, known }, checks);
    if (!isWanted(unique, options.only)) return;
    checks.push(unique);
    emit({ at: now(), type: 'check', scenario: name, check: unique });
  };
  emit({
    at: began,
    type: 'scenario-started',
    scenario: name,
    title: scenario.title,
    steps: listSteps(scenario),
    ...(options.called === undefined ? {} : { called: options.called }),
  });
  let threw = false;
  const pile: Pile = { undos: [], healers: new Map(), captures: 0 };
  try {
    for (const [index, { run }] of scenario.steps.entries()) {
      const failed = await runStep(options, { name, index, run, take, checks, pile });
      threw ||= failed;
      if (failed && !scenario.keepGoing) break;
    }
  } finally {
    const undone = await runCleanup(options, take, pile);
    if (undone !== undefined) emit({ at: now(), type: 'notice', level: 'warning', text: `cleanup of ${name} failed: ${undone}` });
    for (const left of await undoAll(pile.undos))
      emit({ at: now(), type: 'notice', level: 'warning', text: `${name} could not undo: ${left}` });
  }
  signal.throwIfAborted();
  const seconds = (now() - began) / 1000;
  const { only } = options;
  if (only !== undefined && checks.length === 0)
    emit({ at: now(), type: 'notice', level: 'warning', text: `no check of ${name} has the id or claim ${only}` });
  const verdict = only !== undefined && checks.length === 0 ? 'failed' : judgeRun(known, checks, threw);
  emit({ at: now(), type: 'scenario-finished', scenario: name, verdict, seconds, ...(known && { known }) });
  return { verdict, checks, seconds };
};

const isWanted = ({ id, claims, refutes = [] }: Check, only: string | undefined): boolean =>
  only === undefined || id === only || claims.includes(only) || refutes.includes(only);

/** Why the scenario may fail as a whole in this lab. */
const findKnown = ({ scenario: { known }, lab, plan, engine, signal }: RunScenarioOptions): Known | undefined =>
  typeof known === 'function' ? known(makeLabHandle({ lab, plan, engine, signal, track: (work) => work })) : known;

const judgeRun = (known: Known | undefined, checks: readonly Check[], threw: boolean): Verdict => {
  const standings = new Set(checks.map(standingOf));
  if (standings.has('failed') || (threw && !known)) return 'failed';
  return threw || standings.has('known') ? 'known' : 'passed';
};

/** Tells of a scenario that is not run, because this machine lacks what it needs; `verdict` is what that counts as. */
export const skipScenario = (
  { scenario, file, emit, now }: Pick<RunScenarioOptions, 'scenario' | 'file' | 'emit' | 'now'>,
  { verdict, reason }: { verdict: 'skipped' | 'failed'; reason: string },
): void => {
  const name = nameOf(file);
  emit({ at: now(), type: 'scenario-started', scenario: name, title: scenario.title, steps: listSteps(scenario) });
  emit({ at: now(), type: 'scenario-finished', scenario: name, verdict, seconds: 0, reason });
};

type StepTurn = { name: string; index: number; run: StepRun; take: (check: Check) => void; checks: Check[]; pile: Pile };

/** True when the step threw. */
const runStep = async (options: RunScenarioOptions, { name, index, run, take, checks, pile }: StepTurn): Promise<boolean> => {
  const { emit, signal, now, file } = options;
  signal.throwIfAborted();
  const began = now();
  const before = checks.length;
  emit({ at: began, type: 'scenario-step', scenario: name, index, state: 'started' });
  const finish = (state: 'passed' | 'failed', message?: string): void =>
    emit({
      at: now(),
      type: 'scenario-step',
      scenario: name,
      index,
      state,
      seconds: (now() - began) / 1000,
      ...(message === undefined ? {} : { message }),
    });
  try {
    await orAborted(
      withStepEnds((atStepEnd) => withOpenWork((track) => run(makeContext(options, { signal, take, track, pile, atStepEnd })))),
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    finish('failed', describeFailure(error, file));
    return true;
  }
  const missed = checks.slice(before).filter((check) => standingOf(check) === 'failed').length;
  if (missed === 0) finish('passed');
  else finish('failed', `${missed} of ${checks.length - before} checks did not hold`);
  return false;
};

/** What went wrong with it, or undefined. */
const runCleanup = async (options: RunScenarioOptions, take: (check: Check) => void, pile: Pile): Promise<string | undefined> => {
  const { cleanup } = options.scenario;
  if (!cleanup) return undefined;
  const signal = AbortSignal.timeout(cleanupSeconds * 1000);
  try {
    await orAborted(
      withStepEnds((atStepEnd) => withOpenWork((track) => cleanup(makeContext(options, { signal, take, track, pile, atStepEnd })))),
      signal,
    );
    return undefined;
  } catch (error) {
    return describeFailure(error, options.file);
  }
};

/** What the steps did to the lab, from the first to the last. */
type Pile = { undos: Undo[]; healers: Healers; captures: number };

type AtStepEnd = (work: () => Promise<unknown>) => void;

/** Runs what a step left to its end, also when it failed. */
const withStepEnds = async (run: (atStepEnd: AtStepEnd) => Promise<void>): Promise<void> => {
  const ends: (() => Promise<unknown>)[] = [];
  try {
    await run((work) => void ends.push(work));
  } finally {
    await Promise.all(ends.map((end) => end()));
  }
};

type Turn = { signal: AbortSignal; take: (check: Check) => void; track: Track; pile: Pile; atStepEnd: AtStepEnd };

const makeContext = (options: RunScenarioOptions, { signal, take, track, pile, atStepEnd }: Turn): StepContext => {
  const { lab, plan, engine, emit, now, file, folder } = options;
  const containers = plan.containers.map(({ name }) => name);
  const { kubectl } = plan.facts;
  const first = kubectl ?? lab.sites.flatMap(({ nodes }) => nodes)[0]?.name ?? containers[0] ?? '';
  const env = kubectl === undefined ? {} : { env: { KUBECONFIG: adminKubeconfig } };
  return {
    lab: makeLiveLab(makeLabHandle({ lab, plan, engine, signal, track }), {
      ...{ lab, plan, engine, signal, track, emit, now, atStepEnd, scenario: nameOf(file) },
      healers: pile.healers,
      undo: (what, work) => void pile.undos.push({ what, work }),
      openCapture: (name) => openCaptureFile(folder, `${(pile.captures += 1)}-${name}`),
    }),
    expect: makeExpect({ round: { lab, engine, containers, kubectl, signal, now }, scene: makeScene(plan), take, track }),
    $: makeShell({ engine, lab: lab.name, container: first, signal, track, ...env }),
    signal,
  };
};

const makeScene = ({ containers }: Plan): Scene => ({
  wires: new Map(
    containers.map(({ name, interfaces }) => [
      name,
      interfaces.map((one) => ({
        name: one.name,
        segment: one.network,
        addresses: one.addresses.map((address) => address.replace(/\/.*$/, '')),
      })),
    ]),
  ),
});

/** Throws SCEN002 when the lab lacks what the scenario needs; callable before the lab is up. */
export const requireComponents = ({ needs, title }: Scenario, lab: Lab): void => {
  const missing = needs.filter((component) => !(component in lab.install));
  if (missing.length > 0)
    throw new LabError('SCEN002', `scenario "${title}" needs ${missing.join(', ')}, which lab "${lab.name}" does not install`, {
      hint: 'add it to `install:` of the topology',
    });
};

const withUniqueId = (check: Check, others: readonly Check[]): Check => {
  const same = others.filter(({ id }) => id === check.id || id.startsWith(`${check.id}#`)).length;
  return same === 0 ? check : { ...check, id: `${check.id}#${same + 1}` };
};

/** `question-1` of `scenarios/question-1.ts`. */
const nameOf = (file: string): string => file.replace(/^.*[/\\]/, '').replace(/\.[cm]?[tj]s$/, '');
