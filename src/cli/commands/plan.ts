/** `edgelab plan`: everything `up` would do, as data or as a page of text. */
import type { Command } from 'commander';
import { print, printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { defaultTopology, loadTopology } from '../topology-file.ts';

/** With `--json` the plan itself and its hash. */
export const addPlan = (program: Command, cli: Cli): void => {
  shareOptions(program.command('plan').description('print what `up` would do, without doing it'))
    .argument('[topology]', 'name or path', defaultTopology)
    .action(act<Shared, [string]>(cli, (options, topology) => plan(cli, options, topology)));
};

const plan = async (cli: Cli, options: Shared, topology: string): Promise<number> => {
  const { explainPlan, hashPlan } = await import('../../plan/plan.ts');
  const loaded = await loadTopology(cli, topology);
  if (options.json === true) printJson(cli, { hash: hashPlan(loaded.plan), ...loaded.plan });
  else print(cli, explainPlan(loaded.plan, loaded.lab));
  return 0;
};
