/** Loads a scenario file, also from outside the checkout, and says what is wrong with it. */
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LabError } from '../lib/lab-error.ts';
import { findPlace, messageOf } from './describe-failure.ts';
import type { Scenario } from './scenario.ts';

const api = new URL('scenario.ts', import.meta.url).href;

let hooked = false;

/** A scenario anywhere on the disk says `from 'edgelab'`; it gets this program's own API. */
const resolveApi = (): void => {
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve: (specifier, context, next) => (specifier === 'edgelab' ? { url: api, shortCircuit: true } : next(specifier, context)),
  });
};

/** SCEN001 with file and line for a file that cannot be read, is no TypeScript, throws, or exports no scenario. */
export const loadScenario = async (path: string): Promise<Scenario> => {
  resolveApi();
  const file = resolve(path);
  const loaded = await import(pathToFileURL(file).href).then(
    (module: Record<string, unknown>) => module['default'],
    (error: unknown) => {
      throw new LabError('SCEN001', `${findPlace(error, file) ?? file}: ${messageOf(error)}`, { hint: hintFor(error) }, { cause: error });
    },
  );
  const problem = findProblem(loaded);
  if (problem !== undefined)
    throw new LabError('SCEN001', `${file}: ${problem}`, {
      hint: 'end the file with `export default scenario({ title, topology, steps: [step(…)] })`',
    });
  return loaded as Scenario;
};

const hintFor = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_MODULE_NOT_FOUND') return "a scenario can import `edgelab`, Node's own modules and files beside it; paths end in .ts";
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return 'types are stripped, not compiled: no enum, namespace or parameter property';
  return 'the file must be a TypeScript module; docs/guide/write-a-scenario.md shows one';
};

const findProblem = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return 'it has no default export that is a scenario';
  const { title, topology, steps, needs } = value as Partial<Record<keyof Scenario, unknown>>;
  if (typeof title !== 'string' || title === '') return 'the scenario has no title';
  if (typeof topology !== 'string' || topology === '') return 'the scenario names no topology';
  if (!Array.isArray(needs)) return '`needs` must be a list of component names';
  if (!Array.isArray(steps) || steps.length === 0) return 'the scenario has no steps';
  const broken = steps.findIndex((each: unknown) => !isStep(each));
  return broken < 0 ? undefined : `step ${broken + 1} is not made by step(title, function)`;
};

const isStep = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'title' in value &&
  typeof value.title === 'string' &&
  'run' in value &&
  typeof value.run === 'function';
