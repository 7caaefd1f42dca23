/** Which images a lab runs, as opposed to those that only others are built from. */
import type { Catalogue } from './recipe.ts';

/** In build order. */
export const runtimeNames = (catalogue: Catalogue): string[] =>
  [...catalogue.values()].filter(({ recipe }) => recipe.use !== 'build').map(({ name }) => name);
