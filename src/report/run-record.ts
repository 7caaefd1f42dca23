/** Folds the events of a run into what has happened so far; every renderer reads this and none keeps books of its own. */
import type { Check, Known, Verdict } from '../model/check.ts';
import type { Instant, LabEvent, StepOutcome } from '../model/event.ts';
import type { Failure } from '../model/failure.ts';
import type { Plan, Step, StepId } from '../model/plan.ts';

/** How far one step of the plan has come; without `startedAt` it has not begun. */
export type StepRecord = {
  step: Step;
  startedAt?: Instant;
  finishedAt?: Instant;
  outcome?: StepOutcome;
  /** The last line it printed: for a wait, its last observation. */
  lastLine?: string;
  message?: string;
};

/** How far one step of a scenario has come; `message`: why it failed. */
export type ScenarioStep = { title: string; state: 'waiting' | 'started' | 'passed' | 'failed'; seconds?: number; message?: string };

/** One scenario as far as it has come; `verdict` and `seconds` are absent until it ends. */
export type ScenarioRecord = {
  name: string;
  title: string;
  /** The words after `edgelab run` that run it so again. */
  called?: readonly string[];
  /** The lab that was up last when it started. */
  lab?: string;
  startedAt: Instant;
  steps: ScenarioStep[];
  /** `step`: index of the scenario step during which it was made. */
  checks: { check: Check; step?: number }[];
  /** What was done to the lab meanwhile, and what was seen to follow. */
  actions: { at: Instant; what: string; state: Extract<LabEvent, { type: 'action' }>['state'] }[];
  verdict?: Verdict;
  /** Why it was not run. */
  reason?: string;
  /** Why it may fail as a whole. */
  known?: Known;
  seconds?: number;
};

/** One `up` of one lab; a run over several scenarios may bring up several. */
export type LabRecord = {
  plan: Plan;
  reused: boolean;
  startedAt: Instant;
  up?: { ok: boolean; seconds: number };
  /** It has been taken down since. */
  gone?: boolean;
  /** In the plan's order. */
  steps: Map<StepId, StepRecord>;
};

/**
 * All that has happened in one command. `failure` is the error it ended with; `startedAt` and `lastAt` are the times of its first
 * and last event.
 */
export type Run = {
  labs: LabRecord[];
  scenarios: ScenarioRecord[];
  notices: { level: 'info' | 'warning'; text: string }[];
  failure?: Failure;
  startedAt?: Instant;
  lastAt: Instant;
};

/** Before the first event. */
export const emptyRun = (): Run => ({ labs: [], scenarios: [], notices: [], lastAt: 0 });

/** The run after all `events`. */
export const replay = (events: readonly LabEvent[]): Run => {
  const run = emptyRun();
  for (const event of events) applyEvent(run, event);
  return run;
};

/** Changes `run` by one event. */
export const applyEvent = (run: Run, event: LabEvent): void => {
  run.startedAt ??= event.at;
  run.lastAt = event.at;
  const current = run.labs.at(-1);
  switch (event.type) {
    case 'notice':
      run.notices.push({ level: event.level, text: event.text });
      return;
    case 'up-started': {
      const { plan, reused, at } = event;
      run.labs.push({ plan, reused, startedAt: at, steps: new Map(plan.steps.map((step) => [step.id, { step }])) });
      return;
    }
    case 'step-started':
    case 'step-output':
    case 'step-finished':
      applyStep(current?.steps.get(event.step), event);
      return;
    case 'up-finished':
      if (current !== undefined) current.up = { ok: event.ok, seconds: event.seconds };
      return;
    case 'scenario-started': {
      const { scenario: name, title, at, called } = event;
      const steps = event.steps.map((step): ScenarioStep => ({ title: step, state: 'waiting' }));
      run.scenarios.push({
        name,
        title,
        ...(called !== undefined && { called }),
        ...(current && { lab: current.plan.lab }),
        startedAt: at,
        steps,
        checks: [],
        actions: [],
      });
      return;
    }
    case 'scenario-step':
    case 'check':
    case 'action':
    case 'scenario-finished':
      applyScenario(
        run.scenarios.findLast(({ name }) => name === event.scenario),
        event,
      );
      return;
    case 'failed':
      run.failure = event.failure;
      return;
    case 'down-finished': {
      const lab = run.labs.findLast(({ plan }) => plan.lab === event.lab);
      if (lab !== undefined) lab.gone = true;
      return;
    }
    case 'images':
    case 'down-started':
      return;
  }
};

type Of<Type extends LabEvent['type']> = Extract<LabEvent, { type: Type }>;

const applyStep = (record: StepRecord | undefined, event: Of<'step-started' | 'step-output' | 'step-finished'>): void => {
  if (record === undefined) return;
  if (event.type === 'step-started') record.startedAt = event.at;
  else if (event.type === 'step-output') record.lastLine = event.line;
  else {
    record.finishedAt = event.at;
    record.outcome = event.outcome;
    if (event.message !== undefined) record.message = event.message;
  }
};

const applyScenario = (
  scenario: ScenarioRecord | undefined,
  event: Of<'scenario-step' | 'check' | 'action' | 'scenario-finished'>,
): void => {
  if (scenario === undefined) return;
  if (event.type === 'check') {
    const step = scenario.steps.findIndex(({ state }) => state === 'started');
    scenario.checks.push({ check: event.check, ...(step === -1 ? {} : { step }) });
  } else if (event.type === 'action') {
    scenario.actions.push({ at: event.at, what: event.what, state: event.state });
  } else if (event.type === 'scenario-finished') {
    scenario.verdict = event.verdict;
    scenario.seconds = event.seconds;
    if (event.reason !== undefined) scenario.reason = event.reason;
    if (event.known !== undefined) scenario.known = event.known;
  } else {
    const step = scenario.steps[event.index];
    if (step === undefined) return;
    step.state = event.state;
    if (event.seconds !== undefined) step.seconds = event.seconds;
    if (event.message !== undefined) step.message = event.message;
  }
};
