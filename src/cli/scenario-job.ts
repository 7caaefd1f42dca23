/** A scenario, the lab it wants, and the way from what a user calls it to both. */
import { dirname, resolve } from 'node:path';
import type { Scenario } from '../scenario/scenario.ts';
import type { Cli } from './cli.ts';
import { findScenario, isPath, loadTopology, type Leniency, type LoadedTopology } from './topology-file.ts';

/** A scenario that is to be run, loaded and checked. */
export type Job = {
  /** What the user called it. */ called: string;
  /** What the user called the topology it runs on, where that is not its own. */ elsewhere?: string;
  /** Absolute. */ file: string;
  scenario: Scenario;
  topology: LoadedTopology;
};

/**
 * Rejects with SCEN001 or SCEN002, or with BadInput for what is wrong with the topology. Paths in the scenario are relative to its
 * file. `topology`: a name or path of the user's, in place of the scenario's own.
 */
export const loadJob = async (
  cli: Cli,
  name: string,
  { topology: given, ...leniency }: Leniency & { topology?: string } = {},
): Promise<Job> => {
  const { loadScenario, requireComponents } = await import('../scenario/runner.ts');
  const file = await findScenario(cli, name);
  const scenario = await loadScenario(file);
  const own = isPath(scenario.topology, /\.ya?ml$/) ? resolve(dirname(file), scenario.topology) : scenario.topology;
  const loaded = await loadTopology(cli, given ?? own, leniency);
  requireComponents(scenario, loaded.lab);
  return { called: name, file, scenario, topology: loaded, ...(given !== undefined && { elsewhere: given }) };
};
