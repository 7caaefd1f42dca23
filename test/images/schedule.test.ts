import test from 'ava';
import { runJobs, type Job, type Lane } from '../../src/images/schedule.ts';

const job = (name: string, needs: string[] = [], lane: Lane = 'assemble', seconds = 1): Job => ({ name, needs, lane, seconds });
const limits = { compile: 1, assemble: 2 };

/** A runner whose jobs end when told to. */
const manual = () => {
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<undefined>>();
  const signals = new Map<string, AbortSignal>();
  const run = (name: string, signal: AbortSignal): Promise<void> => {
    started.push(name);
    signals.set(name, signal);
    const end = Promise.withResolvers<undefined>();
    ends.set(name, end);
    signal.addEventListener('abort', () => end.reject(signal.reason as Error));
    return end.promise;
  };
  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  return {
    started,
    signals,
    run,
    finish: (name: string) => (ends.get(name)!.resolve(undefined), settle()),
    fail: (name: string, error: Error) => (ends.get(name)!.reject(error), settle()),
  };
};

test('a job starts when all it needs is done, and no earlier', async (t) => {
  const { started, run, finish } = manual();
  const all = runJobs([job('a'), job('b'), job('c', ['a', 'b'])], run, { limits });
  t.deepEqual(started, ['a', 'b']);
  await finish('a');
  t.deepEqual(started, ['a', 'b']);
  await finish('b');
  t.deepEqual(started, ['a', 'b', 'c']);
  await finish('c');
  await all;
});

test('a lane holds no more jobs than its limit, and the lanes do not wait for each other', async (t) => {
  const { started, run, finish } = manual();
  const all = runJobs([job('x', [], 'compile'), job('y', [], 'compile'), job('a'), job('b'), job('c')], run, { limits });
  t.deepEqual(started.sort(), ['a', 'b', 'x']);
  for (const name of ['x', 'y', 'a', 'b', 'c']) await finish(name);
  await all;
});

test('the longest way to the end goes first', async (t) => {
  const { started, run, finish } = manual();
  const jobs = [job('short', [], 'compile', 5), job('base', [], 'compile', 1), job('long', ['base'], 'compile', 100)];
  const all = runJobs(jobs, run, { limits });
  for (const name of ['base', 'long', 'short']) await finish(name);
  await all;
  t.deepEqual(started, ['base', 'long', 'short']);
});

test('the first failure cancels what runs, starts nothing more, and is what is thrown', async (t) => {
  const { started, signals, run, fail } = manual();
  const all = runJobs([job('a'), job('b'), job('c', ['b'])], run, { limits });
  await fail('a', new Error('a broke'));
  await t.throwsAsync(all, { message: 'a broke' });
  t.true(signals.get('b')!.aborted);
  t.deepEqual(started.sort(), ['a', 'b']);
});

test('an aborted call throws the reason after its jobs have ended', async (t) => {
  const controller = new AbortController();
  const { run } = manual();
  const all = runJobs([job('a')], run, { limits, signal: controller.signal });
  controller.abort(new Error('stop'));
  await t.throwsAsync(all, { message: 'stop' });
});
