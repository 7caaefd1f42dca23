/** A scenario, the lab it wants, and the way from what a user calls it to both. */
import { dirname, resolve } from 'node:path';
import type { Scenario } from '../scenario/scenario.ts';
import type { Cli } from './cli.ts';
import { findScenario, isPath, loadTopology, type Leniency, type LoadedTopology } from './topology-file.ts';

/** A scenario that is to be run, loaded and checked. */
export type Job = {
  /** What the user called it. */ called: string;
  /** Absolute. */ file: string;
  scenario: Scenario;
  topology: LoadedTopology;
};

/**
 * Rejects with SCEN001 or SCEN002, or with BadInput for what is wrong with the topology. Paths in the scenario are relative to its
 * file.
 */
export const loadJob = async (cli: Cli, name: string, leniency?: Leniency): Promise<Job> => {
  const { loadScenario, requireComponents } = await import('../scenario/runner.ts');
  const file = await findScenario(cli, name);
  const scenario = await loadScenario(file);
  const topology = isPath(scenario.topology, /\.ya?ml$/) ? resolve(dirname(file), scenario.topology) : scenario.topology;
  const loaded = await loadTopology(cli, topology, leniency);
  requireComponents(scenario, loaded.lab);
  return { called: name, file, scenario, topology: loaded };
};
