/** The plan that a running lab was made from, read anew from its topology file. */
import type { Engine } from '../engine/engine.ts';
import { badInput } from './bad-input.ts';
import type { Cli } from './cli.ts';
import { accepted, loadTopology, type LoadedTopology } from './topology-file.ts';

/** Throws BadInput LAB003 when the file says something else by now: what Docker does not keep would be put back wrong. */
export const loadLabPlan = async (cli: Cli, engine: Engine, lab: string): Promise<LoadedTopology> => {
  const { hashPlan } = await import('../plan/plan.ts');
  const [found] = await engine.list(lab);
  const loaded = await loadTopology(cli, found?.topology ?? '', accepted);
  if (found?.planHash.split('-')[0] === hashPlan(loaded.plan)) return loaded;
  throw badInput('LAB003', `lab ${lab} was made from another state of ${loaded.file}`, 'edgelab up builds it anew as the file is now');
};
