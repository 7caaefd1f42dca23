import test from 'ava';
import { benchUp } from '../../src/bench/bench.ts';

test('edgelab and the script take turns, and the script is cleared before the next run', async (t) => {
  const order: string[] = [];
  const does = (what: string, seconds: number) => () => {
    order.push(what);
    return Promise.resolve(seconds);
  };
  let mib = 90;
  const figures = await benchUp('two-lans', 2, {
    ...{ up: does('up', 30), again: does('again', 1), down: does('down', 3), script: does('script', 60), routerReady: () => 0.5 },
    clear: () => Promise.resolve(void order.push('clear')),
    memory: () => Promise.resolve({ 'edge-a1': (mib -= 10) }),
  });
  t.deepEqual(order, ['up', 'again', 'down', 'script', 'clear', 'up', 'again', 'down', 'script', 'clear']);
  t.is(figures.ratio, 0.5);
  t.deepEqual(figures.memory, { 'edge-a1': 80 });
});
