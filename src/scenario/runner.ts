/** Runs a scenario on a lab that is up: its steps in order, its checks and their verdict as events. */
import { LabError } from '../lib/lab-error.ts';
import { standingOf } from '../lib/standing.ts';
import type { Check, Known, Verdict } from '../model/check.ts';
import type { Lab } from '../model/lab.ts';
import { makeLabHandle } from './lab-handle.ts';
import { runCleanup, runStep } from './run-step.ts';
import type { Scenario } from './scenario.ts';
import type { Pile, Stage } from './step-context.ts';
import { undoAll } from './undo.ts';

export { loadScenario } from './load.ts';
export type { Scenario } from './scenario.ts';

/** A scenario, the lab it runs on, and what narrows it. */
type RunScenarioOptions = Stage & {
  scenario: Scenario;
  signal: AbortSignal;
  /** The words after `edgelab run` that run it so again. */
  called?: readonly string[];
  /** Only checks that cite this claim or have this id count; all steps run, for one may build on another. */
  only?: string;
};

/** How a scenario ended. */
export type ScenarioResult = { verdict: Verdict; checks: Check[]; seconds: number };

/** Titles of the steps, without running anything. */
export const listSteps = ({ steps }: Scenario): string[] => steps.map(({ title }) => title);

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
      const failed = await runStep(options, { run, index, checks }, { name, signal, take, pile });
      threw ||= failed;
      if (failed && !scenario.keepGoing) break;
    }
  } finally {
    const undone = scenario.cleanup && (await runCleanup(options, scenario.cleanup, { name, take, pile }));
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
