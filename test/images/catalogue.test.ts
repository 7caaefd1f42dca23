import test from 'ava';
import { readCatalogue } from '../../src/images/catalogue.ts';
import { argumentName } from '../../src/images/make-dockerfile.ts';
import { dependenciesOf } from '../../src/images/recipe.ts';
import { runtimeNames } from '../../src/images/runtime-names.ts';

const readRecipes = async () => [...(await readCatalogue()).values()];

test('the recipes of this repository can be read, and each folder holds what its kind needs', async (t) => {
  for (const { name, recipe, files } of await readRecipes()) {
    const paths = files.map(({ path }) => path);
    if (recipe.kind === 'dockerfile') t.true(paths.includes('Dockerfile'), name);
    if (recipe.kind === 'go') t.true(paths.includes('go.mod') && paths.includes('go.sum'), name);
  }
});

test('a Dockerfile takes exactly the images that its recipe names', async (t) => {
  for (const { name, recipe, files } of await readRecipes()) {
    if (recipe.kind !== 'dockerfile') continue;
    const text = files.find(({ path }) => path === 'Dockerfile')!.content.toString();
    const taken = [...text.matchAll(/^FROM \$\{(\w+)\}/gm)].map(([, argument]) => argument);
    t.deepEqual(taken.sort(), dependenciesOf(recipe).map(argumentName).sort(), name);
  }
});

/** Built by the tests that run them. */
const forTests = ['stun-clients'];

test('every image is run by a lab or a test, or needed by one that is', async (t) => {
  const catalogue = await readCatalogue();
  const needed = new Set([...runtimeNames(catalogue), ...forTests]);
  for (const name of needed) dependenciesOf(catalogue.get(name)!.recipe).forEach((dependency) => needed.add(dependency));
  t.deepEqual(
    [...catalogue.keys()].filter((name) => !needed.has(name)),
    [],
  );
});
