/** Which lab and node a command means, found from the labels in the engine alone. */
import type { Engine, Owned } from '../engine/engine.ts';
import { listWords, suggest, thereAre } from '../lib/names.ts';
import { badInput } from './bad-input.ts';

type Wanted = {
  /** What the user called the lab, if anything. */
  named: string | undefined;
  /** Where no lab was named, one that has such a container running will do, if it is the only one. */
  having?: (container: Owned) => boolean;
};

/** The lab that was named, else the only one that can be meant. */
export const chooseLab = async (engine: Engine, { named, having = () => true }: Wanted): Promise<string> => {
  const things = await engine.labs();
  const names = labNames(things);
  if (named !== undefined) {
    if (names.includes(named)) return named;
    throw badInput('LAB001', `there is no lab "${named}"`, `${suggest(named, names)}${labsThere(names)}`);
  }
  const running = things.filter(({ kind, state }) => kind === 'container' && state === 'running');
  const fitting = labNames(running.filter(having));
  const [only, ...others] = fitting.length > 0 ? fitting : labNames(running);
  if (only === undefined) throw badInput('LAB001', 'there is no lab that runs', 'bring one up: ./edgelab up');
  if (others.length > 0) {
    const all = [only, ...others];
    throw badInput('LAB001', `there are ${all.length} labs, and none was named`, `say which: --lab ${all.join(' or --lab ')}`);
  }
  return only;
};

/** The container of that name in the lab; throws BadInput LAB002 with the names there are. */
export const chooseNode = async (engine: Engine, lab: string, name: string): Promise<Owned> => {
  const containers = (await engine.list(lab)).filter(({ kind }) => kind === 'container');
  const found = containers.find((container) => container.name === name);
  if (!found) {
    const names = containers.map((container) => container.name).sort();
    throw badInput('LAB002', `lab ${lab} has no node "${name}"`, `${suggest(name, names)}it has ${listWords(names) || 'none'}`);
  }
  if (found.state !== 'running')
    throw badInput('LAB002', `"${name}" does not run (${found.state ?? 'unknown state'})`, `./edgelab down ${lab}, then ./edgelab up`);
  return found;
};

/** Each once, sorted. */
export const labNames = (things: readonly Owned[]): string[] => [...new Set(things.map(({ lab }) => lab))].sort();

const labsThere = (names: readonly string[]): string => (names.length === 0 ? 'none is up' : thereAre(names));
