/** JUnit XML for CI systems: one suite for bringing the lab up, with a case per phase, and one per scenario, with a case per check. */
import { describeKnown, standingOf } from '../lib/standing.ts';
import type { Check } from '../model/check.ts';
import type { LabEvent, Reporter } from '../model/event.ts';
import { describePhases, type Phase } from './phase.ts';
import { applyEvent, emptyRun, type LabRecord, type Run, type ScenarioRecord, type ScenarioStep } from './run-record.ts';
import { renderXml, type XmlElement } from './xml.ts';

/** A check that did not hold is a `failure`, one that is known to fail is `skipped`; a lab that did not come up or a step that broke is an `error`. */
export const renderJunit = (run: Run): string => {
  const suites = [
    ...run.labs.map((lab) => describeUp(lab, run.lastAt)),
    ...run.scenarios.map(describeScenario),
    ...describeUnexplained(run),
  ];
  return renderXml({ name: 'testsuites', attributes: { name: 'edgelab', ...sumUp(suites) }, children: suites });
};

/** Hands the document to `save` at the end. */
export const makeJunitReporter = (save: (text: string) => Promise<void>): Reporter => {
  const run = emptyRun();
  return { on: (event: LabEvent) => applyEvent(run, event), end: () => save(renderJunit(run)) };
};

const describeUp = (lab: LabRecord, now: number): XmlElement => {
  const name = `up ${lab.plan.lab}`;
  const phases = describePhases(lab, now).filter(({ state }) => state !== 'waiting');
  return makeSuite(
    name,
    lab.startedAt,
    phases.map((phase) => makeCase(name, phase.title, phase.seconds, describePhaseEnd(phase))),
  );
};

/** An error that belongs to no phase: the host is not fit, an image cannot be built, the scenario cannot be loaded. */
const describeUnexplained = ({ failure, labs, lastAt }: Run): XmlElement[] => {
  const explained = labs.some((lab) => describePhases(lab, lastAt).some(({ state }) => state === 'failed'));
  if (failure === undefined || explained) return [];
  const details = Object.entries(failure.details).map(([key, value]) => `${key}: ${String(value)}`);
  return [makeSuite('edgelab', lastAt, [makeCase('edgelab', failure.code, 0, problem('error', failure.message, details.join('\n')))])];
};

const describePhaseEnd = ({ state, message = '' }: Phase): XmlElement | undefined => {
  if (state === 'failed') return problem('error', message, message);
  return state === 'cancelled' ? { name: 'skipped' } : undefined;
};

/** A scenario that was not run: each step is skipped and says why, or is an error where that is not accepted. */
const describeNotRun = ({ name, steps, startedAt, verdict, reason = '' }: ScenarioRecord): XmlElement => {
  const end: XmlElement = verdict === 'skipped' ? { name: 'skipped', attributes: { message: reason } } : problem('error', reason, reason);
  return makeSuite(
    name,
    startedAt,
    steps.map(({ title }) => makeCase(name, title, 0, end)),
  );
};

const describeScenario = (scenario: ScenarioRecord): XmlElement => {
  const { name, checks, steps, startedAt } = scenario;
  if (scenario.reason !== undefined) return describeNotRun(scenario);
  const ofChecks = checks.map(({ check }) =>
    makeCase(
      name,
      `${check.id} ${[...check.claims, ...(check.refutes ?? []).map((id) => `not-${id}`)].join(' ')}`.trim(),
      check.seconds,
      describeCheckEnd(check),
    ),
  );
  const failedChecks = new Set(checks.filter(({ check }) => standingOf(check) === 'failed').map(({ step }) => step));
  // A step whose checks say already why it failed is not counted twice.
  const ofSteps = steps
    .filter((step, index) => !checks.some((one) => one.step === index) || (step.state === 'failed' && !failedChecks.has(index)))
    .map((step) => makeCase(name, step.title, step.seconds ?? 0, describeStepEnd(step)));
  return makeSuite(name, startedAt, [...ofChecks, ...ofSteps]);
};

const describeCheckEnd = (check: Check): XmlElement | undefined => {
  const standing = standingOf(check);
  const known = check.known && describeKnown(check.known);
  if (standing === 'known') return { name: 'skipped', attributes: { message: `known failure: ${known}` } };
  if (standing === 'fixed') return { name: 'system-out', text: `fixed, was known to fail: ${known}` };
  return standing === 'passed' ? undefined : describeFailure(check);
};

const describeFailure = ({ from, to, expected, observed, how, evidence }: Check): XmlElement => {
  const hops = evidence.map(({ at, saw, raw }) => `${at}: ${saw}${raw === undefined ? '' : `\n    ${raw}`}`);
  return problem('failure', `${from} to ${to}: expected ${expected}, observed ${observed}`, [how, ...hops].join('\n'));
};

const describeStepEnd = ({ state, message }: ScenarioStep): XmlElement | undefined => {
  if (state === 'passed') return undefined;
  if (state === 'failed') return problem('error', message ?? 'failed', message ?? 'failed');
  return { name: 'skipped' };
};

const problem = (name: 'failure' | 'error', message: string, text: string): XmlElement => ({ name, attributes: { message }, text });

const makeCase = (classname: string, name: string, seconds: number, end: XmlElement | undefined): XmlElement => ({
  name: 'testcase',
  attributes: { classname, name, time: seconds.toFixed(3) },
  ...(end === undefined ? {} : { children: [end] }),
});

const makeSuite = (name: string, at: number, cases: readonly XmlElement[]): XmlElement => {
  const count = (kind: string): number => cases.filter(({ children = [] }) => children.some((child) => child.name === kind)).length;
  const time = cases.reduce((sum, { attributes }) => sum + Number(attributes?.time ?? 0), 0).toFixed(3);
  const counts = { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
  return { name: 'testsuite', attributes: { name, ...counts, time, timestamp: new Date(at).toISOString() }, children: cases };
};

const sumUp = (suites: readonly XmlElement[]): Record<string, number> =>
  Object.fromEntries(
    ['tests', 'failures', 'errors', 'skipped'].map((key) => [
      key,
      suites.reduce((sum, { attributes }) => sum + Number(attributes?.[key] ?? 0), 0),
    ]),
  );
