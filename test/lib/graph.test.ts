import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { ancestorsOf, findCycle, topologicalLevels, topologicalOrder } from '../../src/lib/graph.ts';

const vertex = (id: string, ...needs: string[]) => ({ id, needs });

test('vertices that need nothing come first, in the order they were given', (t) => {
  const levels = topologicalLevels([vertex('c', 'a', 'b'), vertex('b'), vertex('a'), vertex('d', 'c')]);
  t.deepEqual(
    levels.map((level) => level.map(({ id }) => id)),
    [['b', 'a'], ['c'], ['d']],
  );
});

test('a need that is not in the list is ignored', (t) => {
  t.deepEqual(topologicalOrder([vertex('a', 'elsewhere')]), [vertex('a', 'elsewhere')]);
});

test('a circle is named from one vertex round to itself', (t) => {
  const circle = [vertex('start'), vertex('a', 'start', 'b'), vertex('b', 'c'), vertex('c', 'a'), vertex('after', 'c')];
  t.deepEqual(findCycle(circle), ['a', 'b', 'c', 'a']);
  t.throws(() => topologicalOrder(circle), { instanceOf: RangeError, message: 'these need each other: a → b → c → a' });
});

test('a vertex that needs itself is a circle', (t) => {
  t.deepEqual(findCycle([vertex('a', 'a')]), ['a', 'a']);
});

test('ancestors are all that must come before, near or far', (t) => {
  const vertices = [vertex('a'), vertex('b', 'a'), vertex('c', 'b'), vertex('d')];
  t.deepEqual([...ancestorsOf(vertices, 'c')].sort(), ['a', 'b']);
  t.is(ancestorsOf(vertices, 'd').size, 0);
});

/** Graphs without circles: each vertex needs only earlier ones; then shuffled. */
const acyclic = fc
  .array(fc.array(fc.nat(20), { maxLength: 4 }), { maxLength: 20 })
  .map((rows) => rows.map((needs, index) => vertex(`v${index}`, ...needs.filter((need) => need < index).map((need) => `v${need}`))))
  .chain((vertices) => fc.shuffledSubarray(vertices, { minLength: vertices.length }));

testProp('each vertex comes after all it needs, and none is lost', [acyclic], (t, vertices) => {
  const order = topologicalOrder(vertices).map(({ id }) => id);
  t.is(order.length, vertices.length);
  for (const { id, needs } of vertices) for (const need of needs) t.true(order.indexOf(need) < order.indexOf(id));
});

const anyGraph = fc
  .array(fc.array(fc.nat(8), { maxLength: 3 }), { maxLength: 8 })
  .map((rows) => rows.map((needs, index) => vertex(`v${index}`, ...needs.map((need) => `v${need}`))));

testProp('either all vertices can be ordered or the circle found is a real one', [anyGraph], (t, vertices) => {
  const cycle = findCycle(vertices);
  t.is(topologicalLevels(vertices).flat().length === vertices.length, cycle === undefined);
  for (const [index, id] of (cycle ?? []).slice(0, -1).entries())
    t.true(vertices.find((one) => one.id === id)?.needs.includes(cycle?.[index + 1] ?? ''));
});
