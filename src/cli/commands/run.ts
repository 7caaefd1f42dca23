/** `edgelab run`: the lab of each scenario comes up (or is found alive), the scenario runs on it, and its verdicts are printed. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Engine } from '../../engine/engine.ts';
import { exitCodes } from '../../lib/error-codes.ts';
import type { Verdict } from '../../model/check.ts';
import type { Plan } from '../../model/plan.ts';
import { bringUp } from '../bring-up.ts';
import type { Cli } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { findLack } from '../prepare-images.ts';
import { openReport, runFolder, type Report, type ReportOptions } from '../reporting.ts';
import { loadJob, type Job } from '../scenario-job.ts';

type Options = ReportOptions & { keep?: boolean; skip?: boolean };

const defaultScenario = 'question-1';

export const addRun = (program: Command, cli: Cli): void => {
  shareOptions(program.command('run').description('bring up the lab of a scenario, run the scenario, print its verdicts'))
    .argument('[scenario...]', `names in scenarios/, or paths of .ts files (default: ${defaultScenario})`)
    .option('--keep', 'leave a lab that failed as it is, for study')
    .option('--no-skip', 'count a scenario that this machine cannot run as failed')
    .option('--junit <file>', 'write the verdicts as JUnit XML')
    .addHelpText('after', '\nThe lab stays up for you to look around in; `edgelab down` removes it.')
    .action(act<Options, [string[]]>(cli, (options, scenarios) => run(cli, options, scenarios)));
};

const run = async (cli: Cli, options: Options, given: readonly string[]): Promise<number> => {
  // All of them are loaded before the first one runs, so that a slip in the last one costs no minute.
  const jobs: Job[] = [];
  for (const name of given.length > 0 ? given : [defaultScenario]) jobs.push(await loadJob(cli, name));
  const engine = await cli.connect();
  const folder = runFolder(cli, basename(jobs[0]?.file ?? '').replace(/\.\w+$/, ''));
  const report = await openReport(cli, options, {
    path: folder,
    drawLab: (plan) => drawLabOf(plan, jobs),
  });
  return report.closeAfter(async () => {
    let ok = true;
    const tools = { report, engine, keep: options.keep === true, skip: options.skip !== false, folder };
    for (const job of jobs) ok = (await runJob(cli, job, tools)) !== 'failed' && ok;
    return ok ? exitCodes.good : exitCodes.assertionFailed;
  });
};

const drawLabOf = async (plan: Plan, jobs: readonly Job[]): Promise<string> => {
  const { drawLab } = await import('../../report/graph/graph.ts');
  const lab = jobs.find(({ topology }) => topology.lab.name === plan.lab)?.topology.lab;
  return lab ? drawLab(lab, 'svg') : '';
};

type Tools = { report: Report; engine: Engine; keep: boolean; skip: boolean; folder: string };

const runJob = async (cli: Cli, { file, scenario, topology }: Job, { report, engine, keep, skip, folder }: Tools): Promise<Verdict> => {
  const { runScenario, skipScenario } = await import('../../scenario/runner.ts');
  const { lab, plan } = topology;
  const reason = await findLack(cli, plan, report.emit);
  if (reason !== undefined) {
    const verdict = skip ? 'skipped' : 'failed';
    skipScenario({ scenario, file, emit: report.emit, now: cli.now }, { verdict, reason });
    return verdict;
  }
  const { reused } = await bringUp(cli, topology, { report, engine, keep });
  try {
    const { verdict } = await runScenario({
      ...{ scenario, file, lab, plan, engine },
      emit: report.emit,
      signal: cli.signal,
      now: cli.now,
      folder,
    });
    cli.signal.throwIfAborted();
    return verdict;
  } catch (error) {
    // Ctrl-C takes down what this run has built; a lab that was there before is the user's.
    if (cli.signal.aborted && !reused && !keep) await takeDown(cli, lab.name, { report, engine });
    throw error;
  }
};

const takeDown = async (cli: Cli, lab: string, { report, engine }: Pick<Tools, 'report' | 'engine'>): Promise<void> => {
  const { down } = await import('../../run/run.ts');
  await down({ lab, engine, emit: report.emit, now: cli.now });
};
