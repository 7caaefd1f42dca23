import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { readCatalogue, recipesFolder } from '../../src/images/catalogue.ts';
import { everyChoice } from '../../src/images/in-version.ts';
import { addressImages } from '../../src/images/inputs-hash.ts';
import { argumentName } from '../../src/images/make-dockerfile.ts';
import { dependenciesOf } from '../../src/images/recipe.ts';
import { runtimeNames } from '../../src/images/runtime-names.ts';
import { compiled, versions } from '../../src/lib/versions.ts';
import type { ChosenVersions } from '../../src/model/image.ts';

const readRecipes = async (versions: ChosenVersions = {}) => [...(await readCatalogue(undefined, versions)).values()];

for (const versions of everyChoice()) {
  test(`the recipes of this repository can be read, and each folder holds what its kind needs: ${Object.values(versions).join(', ')}`, async (t) => {
    for (const { name, recipe, files } of await readRecipes(versions)) {
      const paths = files.map(({ path }) => path);
      if (recipe.kind === 'dockerfile') t.true(paths.includes('Dockerfile'), name);
      if (recipe.kind === 'go') t.true(paths.includes('go.mod') && paths.includes('go.sum'), name);
    }
  });
}

test('each version that can be chosen has its modules, and no other has', async (t) => {
  for (const component of compiled) {
    const folders = (await readdir(join(recipesFolder, `go-${component}`))).filter((name) => /^[0-9]/.test(name));
    t.deepEqual(folders.sort(), [...versions[component]].sort());
  }
});

test('a lab of other versions has other images exactly where programs of theirs are in them', async (t) => {
  const refsOf = async (chosen: ChosenVersions) => addressImages(await readCatalogue(undefined, chosen));
  const usual = await refsOf({});
  t.deepEqual(await refsOf({ kubernetes: versions.kubernetes[0], kubeedge: versions.kubeedge[0] }), usual);
  const changed = async (chosen: ChosenVersions) => {
    const other = await refsOf(chosen);
    return [...usual.keys()].filter((name) => other.get(name)!.ref !== usual.get(name)!.ref).sort();
  };
  const ofKubeedge = ['cloudcore', 'docker-host', 'go-kubeedge', 'installation-package', 'iptables-manager', 'kubeedge-release', 'node'];
  t.deepEqual(await changed({ kubeedge: versions.kubeedge[1] }), ofKubeedge);
  const ofKubernetes = await changed({ kubernetes: versions.kubernetes[1] });
  t.true(['node', 'kube-proxy', 'agnhost', 'pause'].every((name) => ofKubernetes.includes(name)));
  t.false(['router', 'etcd', 'cloudcore', 'flannel', 'builder'].some((name) => ofKubernetes.includes(name)));
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
