import test from 'ava';
import { orderByDependencies, planBuilds } from '../../src/images/build-order.ts';
import { entry } from './recipes.ts';

const catalogue = orderByDependencies([
  entry('node', ['base', 'go']),
  entry('go', ['builder']),
  entry('builder', ['debian']),
  entry('base', ['debian']),
  entry('debian'),
]);
const nothing = (): boolean => false;

test('what an image starts from comes before it', (t) => {
  const order = [...catalogue.keys()];
  for (const [before, after] of [
    ['debian', 'base'],
    ['debian', 'builder'],
    ['builder', 'go'],
    ['go', 'node'],
    ['base', 'node'],
  ] as const) {
    t.true(order.indexOf(before) < order.indexOf(after), `${before} before ${after}`);
  }
});

test('only what the wanted images start from is planned', (t) => {
  t.deepEqual(planBuilds(catalogue, ['base'], nothing), ['debian', 'base']);
});

test('an image that is there needs nothing that it was built from', (t) => {
  t.deepEqual(
    planBuilds(catalogue, ['node'], (name) => name === 'node'),
    [],
  );
  t.deepEqual(
    planBuilds(catalogue, ['node'], (name) => name === 'go'),
    ['debian', 'base', 'node'],
  );
});

test('an unknown name is refused with the list of names', (t) => {
  const error = t.throws(() => planBuilds(catalogue, ['nod'], nothing), { message: 'there is no image "nod"' });
  t.regex((error as unknown as { details: { hint: string } }).details.hint, /base, builder, debian, go, node/);
});

test('a recipe that starts from a folder that is not there is refused', (t) => {
  t.throws(() => orderByDependencies([entry('a', ['b'])]), { message: /images\/a\/image\.yaml starts from "b"/ });
});

test('images that start from each other are refused with the circle', (t) => {
  t.throws(() => orderByDependencies([entry('a', ['b']), entry('b', ['c']), entry('c', ['a'])]), {
    message: /a → b → c → a|b → c → a → b|c → a → b → c/,
  });
});
