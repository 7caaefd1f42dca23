import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { orderByDependencies } from '../../src/images/build-order.ts';
import type { CatalogueEntry } from '../../src/images/recipe.ts';
import { addressImages, addressOfSet } from '../../src/images/inputs-hash.ts';
import { entry } from './recipes.ts';

const inputsOf = (entries: readonly CatalogueEntry[], name: string, trial = ''): string =>
  addressImages(orderByDependencies(entries), trial).get(name)!.inputs;

const chain = (content: string): CatalogueEntry[] => [
  entry('base', [], { Dockerfile: content }),
  entry('middle', ['base']),
  entry('top', ['middle']),
];

test('a reference carries the first 12 digits of the inputs', (t) => {
  const address = addressImages(orderByDependencies(chain('x'))).get('top')!;
  t.regex(address.inputs, /^[0-9a-f]{64}$/);
  t.is(address.ref, `edgelab/top:${address.inputs.slice(0, 12)}`);
});

test('a change below reaches everything that starts from it, and nothing beside it', (t) => {
  const beside = entry('beside', [], { Dockerfile: 'y' });
  t.not(inputsOf(chain('x'), 'top'), inputsOf(chain('z'), 'top'));
  t.is(inputsOf([...chain('x'), beside], 'beside'), inputsOf([...chain('z'), beside], 'beside'));
});

test('the executable bit of a file is an input', (t) => {
  const plain = entry('a', [], { run: 'x' });
  const executable = { ...plain, files: plain.files.map((file) => ({ ...file, executable: true })) };
  t.not(inputsOf([plain], 'a'), inputsOf([executable], 'a'));
});

test('a trial gives every image an address of its own', (t) => {
  t.not(inputsOf(chain('x'), 'base'), inputsOf(chain('x'), 'base', 'cold'));
});

const files = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string({ maxLength: 8 }), { maxKeys: 4 });

testProp('two recipes have the same address only when their files are the same', [files, files], (t, one, other) => {
  const same = JSON.stringify(Object.entries(one)) === JSON.stringify(Object.entries(other));
  t.is(inputsOf([entry('a', [], one)], 'a') === inputsOf([entry('a', [], other)], 'a'), same);
});

testProp('the address of a set does not depend on its order', [fc.array(fc.string())], (t, parts) => {
  t.is(addressOfSet(parts), addressOfSet([...parts].reverse()));
});
