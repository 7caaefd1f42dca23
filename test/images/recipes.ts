/** Small catalogues for tests, made in memory. */
import type { CatalogueEntry } from '../../src/images/recipe.ts';
import { parseRecipe } from '../../src/images/catalogue.ts';

/** An entry with a Dockerfile that starts from the named images. */
export const entry = (name: string, from: readonly string[] = [], files: Readonly<Record<string, string>> = {}): CatalogueEntry => {
  const recipe = parseRecipe(`{ about: test, kind: dockerfile, use: build, from: [${from.join(', ')}] }`, 'test');
  return {
    name,
    folder: `/nowhere/${name}`,
    recipe,
    files: Object.entries(files).map(([path, content]) => ({ path, executable: false, content: Buffer.from(content) })),
  };
};
