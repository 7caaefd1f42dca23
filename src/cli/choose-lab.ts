/** Which lab and node a command means, found from the labels in the engine alone. */
import type { Engine, Owned } from '../engine/engine.ts';
import { listWords, suggest } from '../lib/names.ts';
import { badInput } from './bad-input.ts';

/** The lab that was named, else the only one there is. */
export const chooseLab = async (engine: Engine, named: string | undefined): Promise<string> => {
  const names = labNames(await engine.labs());
  if (named !== undefined) {
    if (names.includes(named)) return named;
    throw badInput('LAB001', `there is no lab "${named}"`, `${suggest(named, names)}${thereAre(names)}`);
  }
  const [only, ...others] = names;
  if (only === undefined) throw badInput('LAB001', 'there is no lab', 'bring one up: ./edgelab up');
  if (others.length > 0)
    throw badInput('LAB001', `there are ${names.length} labs, and none was named`, `say which: --lab ${names.join(' or --lab ')}`);
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

export const labNames = (things: readonly Owned[]): string[] => [...new Set(things.map(({ lab }) => lab))].sort();

const thereAre = (names: readonly string[]): string =>
  names.length === 0 ? 'none is up' : `there ${names.length === 1 ? 'is' : 'are'} ${listWords(names)}`;
