import test from 'ava';
import { FakeClock } from '../../src/engine/fake/fake-clock.ts';
import { until } from '../../src/lib/until.ts';

test('it asks until there is an answer', async (t) => {
  const clock = new FakeClock({ start: 0 });
  let asked = 0;
  t.is(await until(async () => ((asked += 1) === 3 ? 'yes' : undefined), { clock, limitSeconds: 10 }), 'yes');
  t.is(clock.now(), 200);
});

test('it gives up at the limit, after a last question then', async (t) => {
  const clock = new FakeClock({ start: 0 });
  const at: number[] = [];
  const ask = async (): Promise<string | undefined> => {
    at.push(clock.now());
    return undefined;
  };
  t.is(await until(ask, { clock, limitSeconds: 1, everyMilliseconds: 300, maxMilliseconds: 600 }), undefined);
  t.deepEqual(at, [0, 300, 900, 1000]);
});

test('it asks once even without time', async (t) => {
  t.is(await until(async () => 1, { clock: new FakeClock(), limitSeconds: 0 }), 1);
});

test('an abort ends the wait with its reason', async (t) => {
  const reason = new Error('enough');
  const stop = new AbortController();
  const waiting = until(async () => stop.abort(reason), { clock: new FakeClock(), limitSeconds: 10, signal: stop.signal });
  t.is(await t.throwsAsync(waiting), reason);
});
