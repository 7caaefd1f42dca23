/** Scenarios one after another: the lab of each comes up or is found alive, and goes when the machine or the caller wants its room. */
import type { Engine } from '../engine/engine.ts';
import { LabError } from '../lib/lab-error.ts';
import { listWords } from '../lib/names.ts';
import type { Verdict } from '../model/check.ts';
import { bringUp } from './bring-up.ts';
import type { Cli } from './cli.ts';
import { explainFailure } from './failure.ts';
import { findLack } from './find-lack.ts';
import { makeRoom } from './make-room.ts';
import type { Report } from './reporting.ts';
import type { Job } from './scenario-job.ts';

/**
 * Which labs of this run stay: all of them; the first that passed, or else the last one, to look around in; or none. With none, a lab that does
 * not come up fails its own scenarios only.
 */
type Stay = 'all' | 'one' | 'none';

/** What holds for all scenarios of a run. `folder`: where captures go; `only`: a claim, or the id of a check. */
type RunOptions = {
  report: Report;
  engine: Engine;
  /** Labs that failed stay as they are. */
  keep: boolean;
  /** A scenario that this machine cannot run is skipped, and does not fail. */
  skip: boolean;
  stay: Stay;
  folder: string;
  only: string | undefined;
};

type Tools = RunOptions & {
  /** Labs of this run that are up and no longer needed. */
  finished: string[];
};

/** True when no scenario failed. */
export const runScenarios = async (cli: Cli, jobs: readonly Job[], options: RunOptions): Promise<boolean> => {
  const tools: Tools = { ...options, finished: [] };
  const { finished, keep, stay } = tools;
  const labs = jobs.map(({ topology }) => topology.lab.name);
  let ok = true;
  for (const [index, job] of jobs.entries()) {
    const lab = job.topology.lab.name;
    const { verdict, built } = await runJob(cli, job, tools).catch((error: unknown) => failJob(cli, job, tools, error));
    const failed = verdict === 'failed';
    ok &&= !failed;
    if (failed && keep) forget(finished, lab);
    else if (built && (stay === 'none' || (!failed && !keep))) finished.push(lab);
    if (finished.includes(lab) && isDone(stay, labs, index, finished.length)) await takeDown(cli, lab, tools);
  }
  return ok;
};

/** Whether the lab of one of these scenarios, in the order of their labs, may go when it has run; `up`: how many labs of the run are up. */
export const isDone = (stay: Stay, labs: readonly string[], index: number, up: number): boolean => {
  if (stay === 'none') return labs[index + 1] !== labs[index];
  return stay === 'one' && index > 0 && (index < labs.length - 1 || up > 1);
};

/** Scenarios of one lab next to each other, disruptive ones last, in the order in which the labs are first wanted. */
export const groupByLab = <J extends { scenario: { disruptive: boolean }; topology: { lab: { name: string } } }>(jobs: readonly J[]): J[] =>
  [...Map.groupBy(jobs, ({ topology }) => topology.lab.name).values()].flatMap((ofLab) =>
    ofLab.toSorted((one, other) => Number(one.scenario.disruptive) - Number(other.scenario.disruptive)),
  );

/** `built`: the lab is there because of this run. */
type Ran = { verdict: Verdict; built: boolean };

/** Where every lab goes anyway, the scenarios of the others say what they have to say all the same. */
const failJob = async (cli: Cli, { file, scenario }: Job, { report, stay }: Tools, error: unknown): Promise<Ran> => {
  if (stay !== 'none' || !(error instanceof LabError) || cli.signal.aborted) throw error;
  const { skipScenario } = await import('../scenario/runner.ts');
  const { text } = explainFailure(error, { color: false, debug: false });
  report.emit({ at: cli.now(), type: 'notice', level: 'warning', text });
  skipScenario({ scenario, file, emit: report.emit, now: cli.now }, { verdict: 'failed', reason: error.message });
  return { verdict: 'failed', built: false };
};

const runJob = async (cli: Cli, { called, elsewhere, file, scenario, topology }: Job, tools: Tools): Promise<Ran> => {
  const { report, engine, keep, skip, folder, only } = tools;
  const { runScenario, skipScenario } = await import('../scenario/runner.ts');
  const { lab, plan } = topology;
  const reason = await findLack(cli, { plan, engine, emit: report.emit });
  if (reason !== undefined) {
    const verdict = skip ? 'skipped' : 'failed';
    skipScenario({ scenario, file, emit: report.emit, now: cli.now }, { verdict, reason });
    return { verdict, built: false };
  }
  const { reused } = await makeRoom(
    () => bringUp(cli, topology, { report, engine, keep }),
    (want) => clear(cli, tools, want),
  );
  try {
    const { verdict } = await runScenario({
      ...{ scenario, file, lab, plan, engine },
      emit: report.emit,
      signal: cli.signal,
      now: cli.now,
      folder,
      ...(only === undefined ? {} : { only }),
      called: [called, ...(elsewhere === undefined ? [] : ['--topology', elsewhere])],
    });
    cli.signal.throwIfAborted();
    return { verdict, built: !reused };
  } catch (error) {
    // Ctrl-C takes down what this run has built; a lab that was there before is the user's.
    if (cli.signal.aborted && !reused && !keep) await takeDown(cli, lab.name, tools);
    throw error;
  }
};

/** Whether there was a lab to take down. */
const clear = async (cli: Cli, tools: Tools, { message }: LabError): Promise<boolean> => {
  const labs = [...tools.finished];
  if (labs.length > 0)
    tools.report.emit({
      at: cli.now(),
      type: 'notice',
      level: 'info',
      text: `${message}: ${listWords(labs)} ${labs.length === 1 ? 'gives' : 'give'} way`,
    });
  for (const lab of labs) await takeDown(cli, lab, tools);
  return labs.length > 0;
};

const takeDown = async (cli: Cli, lab: string, { report, engine, finished }: Tools): Promise<void> => {
  const { down } = await import('../run/run.ts');
  await down({ lab, engine, emit: report.emit, now: cli.now });
  forget(finished, lab);
};

const forget = (finished: string[], lab: string): void => {
  finished.splice(0, finished.length, ...finished.filter((one) => one !== lab));
};
