/** From what a user calls a topology (a name, or a path) to the lab and plan in it. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { isError, renderDiagnostics } from '../lib/diagnostics.ts';
import { suggest, thereAre } from '../lib/names.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Lab } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import { badInput, BadInput } from './bad-input.ts';
import { note, type Cli } from './cli.ts';

/** What commands take that were given no topology. */
export const defaultTopology = 'two-lans';

/** A topology without errors. */
export type LoadedTopology = { lab: Lab; plan: Plan; /** Absolute. */ file: string };

/** What is let pass. */
export type Leniency = {
  /** Combinations of components that cannot work are warnings. */
  force?: boolean;
  /** No warnings: it has been said. */
  quiet?: boolean;
};

/** For a lab that is there: whatever it was made from was accepted. */
export const accepted: Leniency = { force: true, quiet: true };

type Where = Pick<Cli, 'root' | 'cwd'>;

/** The lab of a topology file and how it is built; throws BadInput with every problem there is, warnings go to stderr. */
export const loadTopology = async (
  cli: Cli,
  nameOrPath: string,
  { force = false, quiet = false }: Leniency = {},
): Promise<LoadedTopology> => {
  const { file, lab, plan, diagnostics, texts } = await checkTopology(cli, nameOrPath, force);
  if (!lab || !plan || diagnostics.some(isError)) throw new BadInput(diagnostics, texts);
  if (diagnostics.length > 0 && !quiet) note(cli, renderDiagnostics(diagnostics, texts));
  return { lab, plan, file };
};

/**
 * A topology file with all that is wrong with it; `plan` is absent where there are errors. `texts`: the file by its shown path,
 * for code frames.
 */
type CheckedTopology = {
  file: string;
  /** As shown to the user: relative where that is shorter. */
  shown: string;
  lab?: Lab;
  plan?: Plan;
  diagnostics: Diagnostic[];
  texts: Map<string, string>;
};

/** Reads, resolves and plans; problems of the content are in `diagnostics`, an unreadable file throws. */
export const checkTopology = async (cli: Where, nameOrPath: string, force = false): Promise<CheckedTopology> => {
  const { makePlan } = await import('../plan/plan.ts');
  const { readTopology } = await import('../topology/topology.ts');
  const file = await findTopology(cli, nameOrPath);
  const shown = showPath(cli, file);
  const text = await readText(file, shown);
  const { lab, diagnostics } = readTopology(text, shown, { force });
  const planned = lab && !diagnostics.some(isError) ? makePlan(lab) : { diagnostics: [] };
  return {
    ...{ file, shown, texts: new Map([[shown, text]]) },
    ...(lab && { lab }),
    ...(planned.plan && { plan: planned.plan }),
    diagnostics: [...diagnostics, ...planned.diagnostics],
  };
};

/** `two-lans` is topologies/two-lans.yaml of the checkout; what looks like a path is one, relative to the user's folder. */
const findTopology = async (cli: Where, nameOrPath: string): Promise<string> => {
  if (isPath(nameOrPath, /\.ya?ml$/)) return resolve(cli.cwd, nameOrPath);
  const names = await listTopologies(cli);
  if (names.includes(nameOrPath)) return join(cli.root, 'topologies', `${nameOrPath}.yaml`);
  throw badInput(
    'TOPO001',
    `there is no topology "${nameOrPath}"`,
    `${suggest(nameOrPath, names)}${thereAre(names)}; or give the path of a .yaml file`,
  );
};

/** Names of those of the checkout, sorted. */
export const listTopologies = ({ root }: Pick<Cli, 'root'>): Promise<string[]> => listNames(join(root, 'topologies'), '.yaml');

/** Names of those of the checkout, sorted. */
export const listScenarios = ({ root }: Pick<Cli, 'root'>): Promise<string[]> => listNames(join(root, 'scenarios'), '.ts');

/** `question-1` is scenarios/question-1.ts of the checkout; what looks like a path is one. */
export const findScenario = async (cli: Where, nameOrPath: string): Promise<string> => {
  if (isPath(nameOrPath, /\.[mc]?[jt]s$/)) {
    const path = resolve(cli.cwd, nameOrPath);
    if (existsSync(path)) return path;
    throw badInput('SCEN001', `there is no scenario file "${nameOrPath}"`, `looked for ${path}`);
  }
  const names = await listScenarios(cli);
  if (names.includes(nameOrPath)) return join(cli.root, 'scenarios', `${nameOrPath}.ts`);
  throw badInput(
    'SCEN001',
    `there is no scenario "${nameOrPath}"`,
    `${suggest(nameOrPath, names)}${thereAre(names)}; or give the path of a .ts file`,
  );
};

/** Relative to the user's folder where it is inside, else as it is. */
export const showPath = ({ cwd }: Pick<Cli, 'cwd'>, path: string): string => {
  const short = relative(cwd, path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
};

/** True for what can only be meant as a path, not as a name. */
export const isPath = (text: string, extension: RegExp): boolean => text.includes('/') || extension.test(text);

const listNames = async (folder: string, extension: string): Promise<string[]> =>
  (await readdir(folder))
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort();

const readText = async (file: string, shown: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw badInput('TOPO001', `cannot read "${shown}": ${why}`);
  }
};
