/** Which images have to be built, and in which order. */
import { findCycle, topologicalOrder } from '../lib/graph.ts';
import { LabError } from '../lib/lab-error.ts';
import { type Catalogue, type CatalogueEntry, dependenciesOf } from './recipe.ts';

/** Throws LabError IMAGE001 for a name that no folder has and for images that start from each other, printing the circle. */
export const orderByDependencies = (entries: readonly CatalogueEntry[]): Catalogue => {
  const names = new Set(entries.map(({ name }) => name));
  for (const { name, recipe } of entries) {
    const unknown = dependenciesOf(recipe).find((dependency) => !names.has(dependency));
    if (unknown) throw new LabError('IMAGE001', `images/${name}/image.yaml starts from "${unknown}", which is no folder of images/`);
  }
  const vertices = entries.map((entry) => ({ id: entry.name, needs: dependenciesOf(entry.recipe), entry }));
  const cycle = findCycle(vertices);
  if (cycle) throw new LabError('IMAGE001', `images start from each other: ${cycle.join(' → ')}`);
  return new Map(topologicalOrder(vertices).map(({ id, entry }) => [id, entry]));
};

/**
 * The images to build so that `names` exist, in build order: those that are missing and what they start from, as far as
 * that is missing too. An image that is there needs nothing, so after loading a bundle nothing is compiled.
 * Throws LabError IMAGE001 for an unknown name.
 */
export const planBuilds = (catalogue: Catalogue, names: Iterable<string>, isPresent: (name: string) => boolean): string[] => {
  const missing = new Set<string>();
  const visit = (name: string): void => {
    const { recipe } = entryOf(catalogue, name);
    if (missing.has(name) || isPresent(name)) return;
    missing.add(name);
    dependenciesOf(recipe).forEach(visit);
  };
  for (const name of names) visit(name);
  return [...catalogue.keys()].filter((name) => missing.has(name));
};

/** Throws LabError IMAGE001 for a name that no folder has. */
export const entryOf = (catalogue: Catalogue, name: string): CatalogueEntry => {
  const entry = catalogue.get(name);
  if (entry) return entry;
  throw new LabError('IMAGE001', `there is no image "${name}"`, { hint: `images: ${[...catalogue.keys()].sort().join(', ')}` });
};
