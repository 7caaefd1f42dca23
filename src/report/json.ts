/** The one JSON document of `run --json` and `up --json`: the verdicts with their evidence. */
import { sayPath } from '../lib/path-words.ts';
import { standingOf } from '../lib/standing.ts';
import type { Check } from '../model/check.ts';
import type { LabEvent, Reporter } from '../model/event.ts';
import { sayRerun } from './check-words.ts';
import { applyEvent, emptyRun, type Run, type ScenarioRecord } from './run-record.ts';
import { countStandings, countVerdicts, scenarioSeconds, upSeconds, wentWell } from './summary.ts';

/** The document. Seconds are null for what did not run; beyond the agreed fields each check says its scenario, claims and `how`. */
const describeRun = (run: Run): object => ({
  lab: run.labs.length === 0 ? null : run.labs.map(({ plan }) => plan.lab).join(', '),
  ok: wentWell(run),
  reused: run.labs.length > 0 && run.labs.every(({ reused }) => reused),
  seconds: {
    up: run.labs.length === 0 ? null : upSeconds(run),
    scenario: run.scenarios.length === 0 ? null : scenarioSeconds(run),
  },
  counts: countStandings(run),
  scenarios: { ...countVerdicts(run), list: run.scenarios.map(describeScenario) },
  checks: run.scenarios.flatMap((scenario) => scenario.checks.map(({ check }) => describeCheck(scenario, check))),
});

const describeScenario = ({ name, title, verdict = 'failed', reason, known, seconds }: ScenarioRecord): object => ({
  ...{ name, title, verdict, seconds: seconds ?? null },
  ...(reason !== undefined && { reason }),
  ...(known && { known }),
});

const describeCheck = (scenario: ScenarioRecord, check: Check): object => {
  const { name, lab } = scenario;
  const { id, from, to, expected, observed, ok, claims, refutes, known, path, how, seconds, evidence } = check;
  const rerun = standingOf(check) === 'failed' ? sayRerun(check, scenario) : undefined;
  const more = {
    ...(refutes && { refutes }),
    ...(known && { known }),
    ...(path && { path: { ...path, words: sayPath(path) } }),
    ...(rerun !== undefined && { rerun }),
  };
  return { id, lab: lab ?? null, scenario: name, from, to, expected, observed, ok, claims, ...more, how, seconds, evidence };
};

/** Writes the document at the end; nothing after a failure, for then the command prints the error's document. */
export const makeJsonReporter = (write: (text: string) => void): Reporter => {
  const run = emptyRun();
  return {
    on: (event: LabEvent) => applyEvent(run, event),
    end: async () => {
      if (run.failure === undefined) write(`${JSON.stringify(describeRun(run))}\n`);
    },
  };
};
