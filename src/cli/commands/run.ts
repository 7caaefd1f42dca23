/** `edgelab run`: the lab of each scenario comes up (or is found alive), the scenario runs on it, and its verdicts are printed. */
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { seeds } from '../../claims/claims.ts';
import type { Engine } from '../../engine/engine.ts';
import { exitCodes } from '../../lib/error-codes.ts';
import type { LabError } from '../../lib/lab-error.ts';
import { listWords, suggest } from '../../lib/names.ts';
import type { Verdict } from '../../model/check.ts';
import type { Plan } from '../../model/plan.ts';
import { badInput } from '../bad-input.ts';
import { bringUp } from '../bring-up.ts';
import type { Cli } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { makeRoom } from '../make-room.ts';
import { findLack } from '../prepare-images.ts';
import { openReport, runFolder, type Report, type ReportOptions } from '../reporting.ts';
import { readCited } from '../run-records.ts';
import { loadJob, type Job } from '../scenario-job.ts';

type Options = ReportOptions & { keep?: boolean; skip?: boolean; only?: string; force?: boolean };

/** Without a tunnel, then with each of them. */
const mainJob = ['question-1', 'question-2', 'fabedge'] as const;

export const addRun = (program: Command, cli: Cli): void => {
  shareOptions(program.command('run').description('bring up the lab of a scenario, run the scenario, print its verdicts'))
    .argument('[scenario...]', `names in scenarios/, or paths of .ts files (default: ${mainJob.join(', ')})`)
    .option('--keep', 'leave a lab that failed as it is, for study')
    .option('--no-skip', 'count a scenario that this machine cannot run as failed')
    .option('--force', 'also on a combination of components that cannot work; what fails is kept, as with --keep')
    .option('--only <claim or check>', 'show and count only checks that cite this claim or have this id; all steps run')
    .option('--junit <file>', 'write the verdicts as JUnit XML')
    .addHelpText(
      'after',
      '\nLabs stay up for you to look around in; `edgelab down` removes them. Without a scenario the first lab stays, and the others go when their\nscenario has passed. Where the machine has no room for the next lab, those that this run has finished with go, and the last one stays;\none that was up before is left alone.',
    )
    .action(act<Options, [string[]]>(cli, (options, scenarios) => run(cli, options, scenarios)));
};

const run = async (cli: Cli, options: Options, given: readonly string[]): Promise<number> => {
  // All of them are loaded before the first one runs, so that a slip in the last one costs no minute.
  const jobs: Job[] = [];
  for (const name of given.length > 0 ? given : mainJob) jobs.push(await loadJob(cli, name, { force: options.force === true }));
  if (options.only !== undefined) await requireCited(options.only, jobs);
  const engine = await cli.connect();
  const folder = runFolder(cli, basename(jobs[0]?.file ?? '').replace(/\.\w+$/, ''));
  const report = await openReport(cli, options, {
    path: folder,
    drawLab: (plan) => drawLabOf(plan, jobs),
    // a part of a scenario says nothing about the rest
    partial: options.only !== undefined,
  });
  return report.closeAfter(async () => {
    let ok = true;
    const tools: Tools = {
      report,
      engine,
      keep: options.keep === true || options.force === true,
      skip: options.skip !== false,
      folder,
      only: options.only,
      finished: [],
    };
    for (const [index, job] of jobs.entries()) {
      const { verdict, built } = await runJob(cli, job, tools);
      ok &&= verdict !== 'failed';
      if (!built || verdict === 'failed' || tools.keep) continue;
      tools.finished.push(job.topology.lab.name);
      // one stays to look around in
      const stays = index === 0 || (index === jobs.length - 1 && tools.finished.length === 1);
      if (given.length === 0 && !stays) await takeDown(cli, job.topology.lab.name, tools);
    }
    return ok ? exitCodes.good : exitCodes.assertionFailed;
  });
};

/** A claim that none of the scenarios cites is a slip; the ids of checks are known only when they have been made. */
const requireCited = async (only: string, jobs: readonly Job[]): Promise<void> => {
  if (!seeds.some(({ id }) => only.startsWith(`${id}-`))) return;
  const cited = await Promise.all(jobs.map(({ file }) => readCited(pathToFileURL(file))));
  if (cited.some((claims) => claims.has(only))) return;
  const all = cited.flatMap((claims) => [...claims]);
  throw badInput('CLI001', `no scenario of this run cites "${only}"`, `${suggest(only, all)}cited are: ${all.join(', ') || 'none'}`);
};

const drawLabOf = async (plan: Plan, jobs: readonly Job[]): Promise<string> => {
  const { drawLab } = await import('../../report/graph/graph.ts');
  const lab = jobs.find(({ topology }) => topology.lab.name === plan.lab)?.topology.lab;
  return lab ? drawLab(lab, 'svg') : '';
};

type Tools = {
  report: Report;
  engine: Engine;
  keep: boolean;
  skip: boolean;
  folder: string;
  only: string | undefined;
  /** Labs of this run that are up and no longer needed. */
  finished: string[];
};

/** `built`: the lab is there because of this run. */
type Ran = { verdict: Verdict; built: boolean };

const runJob = async (cli: Cli, { called, file, scenario, topology }: Job, tools: Tools): Promise<Ran> => {
  const { report, engine, keep, skip, folder, only } = tools;
  const { runScenario, skipScenario } = await import('../../scenario/runner.ts');
  const { lab, plan } = topology;
  const reason = await findLack(cli, plan, report.emit);
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
      called,
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
  const { down } = await import('../../run/run.ts');
  await down({ lab, engine, emit: report.emit, now: cli.now });
  finished.splice(0, finished.length, ...finished.filter((one) => one !== lab));
};
