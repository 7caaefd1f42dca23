import test from 'ava';
import { undoAll } from '../../src/scenario/undo.ts';

test('the last thing done is undone first, and a failure keeps none of the others', async (t) => {
  const order: string[] = [];
  const undo = (what: string, fails = false) => ({
    what,
    work: async () => {
      order.push(what);
      if (fails) throw new Error('the node is gone');
    },
  });
  const pile = [undo('first'), undo('second', true), undo('third')];
  t.deepEqual(await undoAll(pile), ['second: the node is gone']);
  t.deepEqual(order, ['third', 'second', 'first']);
  t.deepEqual(await undoAll(pile), []);
});
