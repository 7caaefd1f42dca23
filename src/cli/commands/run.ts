/** `edgelab run`: the lab of each scenario comes up (or is found alive), the scenario runs on it, and its verdicts are printed. */
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { seeds } from '../../claims/claims.ts';
import { exitCodes } from '../../lib/error-codes.ts';
import { suggest } from '../../lib/names.ts';
import type { Plan } from '../../model/plan.ts';
import { badInput } from '../bad-input.ts';
import type { Cli } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { openReport, runFolder, type ReportOptions } from '../reporting.ts';
import { readCited } from '../run-records.ts';
import { groupByLab, runScenarios } from '../run-scenarios.ts';
import { loadJob, type Job } from '../scenario-job.ts';
import { listScenarios } from '../topology-file.ts';

type Options = ReportOptions & { all?: boolean; keep?: boolean; skip?: boolean; only?: string; force?: boolean; topology?: string };

/** Without a tunnel, then with each of them. */
const mainJob = ['question-1', 'question-2', 'fabedge'] as const;

/** Exit code 1 where a scenario failed; what was skipped does not count. */
export const addRun = (program: Command, cli: Cli): void => {
  shareOptions(program.command('run').description('bring up the lab of a scenario, run the scenario, print its verdicts'))
    .argument('[scenario...]', `names in scenarios/, or paths of .ts files (default: ${mainJob.join(', ')})`)
    .option(
      '--all',
      'every scenario in scenarios/, those of one lab together; no lab stays, and one that does not come up fails its own scenarios',
    )
    .option('--topology <name or file>', 'run the named scenarios on this topology instead of their own; says nothing about claims')
    .option('--keep', 'leave a lab that failed as it is, for study')
    .option('--no-skip', 'count a scenario that this machine cannot run as failed')
    .option('--force', 'also on a combination of components that cannot work; what fails is kept, as with --keep')
    .option('--only <claim or check>', 'show and count only checks that cite this claim or have this id; all steps run')
    .option('--junit <file>', 'write the verdicts as JUnit XML')
    .addHelpText(
      'after',
      '\nLabs stay up for you to look around in; `edgelab down` removes them. Without a scenario the first lab stays, and the others go when their\nscenario has passed. Where the machine has no room for the next lab, those that this run has finished with go, and the last one stays;\none that was up before is left alone. With --all none of them stays.',
    )
    .action(act<Options, [string[]]>(cli, (options, scenarios) => run(cli, options, scenarios)));
};

const run = async (cli: Cli, options: Options, given: readonly string[]): Promise<number> => {
  // All of them are loaded before the first one runs, so that a slip in the last one costs no minute.
  const all = options.all === true;
  const loaded: Job[] = [];
  const topology = options.topology === undefined ? {} : { topology: requireNamed(options.topology, given) };
  for (const name of await chooseScenarios(cli, all, given))
    loaded.push(await loadJob(cli, name, { force: options.force === true, ...topology }));
  const jobs = all ? groupByLab(loaded) : loaded;
  if (options.only !== undefined) await requireCited(options.only, jobs);
  const engine = await cli.connect();
  const folder = runFolder(cli, basename(jobs[0]?.file ?? '').replace(/\.\w+$/, ''));
  const report = await openReport(cli, options, {
    path: folder,
    drawLab: (plan) => drawLabOf(plan, jobs),
    // a part of a scenario says nothing about the rest, and its claims are about its own lab
    partial: options.only !== undefined || options.topology !== undefined,
  });
  return report.closeAfter(async () => {
    const ok = await runScenarios(cli, jobs, {
      ...{ report, engine, folder, only: options.only },
      keep: options.keep === true || options.force === true,
      skip: options.skip !== false,
      stay: all ? 'none' : given.length > 0 ? 'all' : 'one',
    });
    return ok ? exitCodes.good : exitCodes.assertionFailed;
  });
};

const chooseScenarios = async (cli: Cli, all: boolean, given: readonly string[]): Promise<readonly string[]> => {
  if (!all) return given.length > 0 ? given : mainJob;
  if (given.length > 0) throw badInput('CLI001', `"${given.join(' ')}" beside --all`, 'name scenarios, or say --all');
  return listScenarios(cli);
};

/** What --topology names; CLI001 without scenarios beside it, for those of a bare `run` need labs of their own. */
const requireNamed = (topology: string, scenarios: readonly string[]): string => {
  if (scenarios.length > 0) return topology;
  throw badInput('CLI001', '--topology without a scenario', `name those to run there: edgelab run question-1 --topology ${topology}`);
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
