import test from 'ava';
import { FakeClock } from '../../src/engine/fake/fake-clock.ts';
import type { Fault, TimedFault } from '../../src/model/fault.ts';
import { playFaults, timelineMs } from '../../src/run/run.ts';
import type { actFault } from '../../src/run/act-fault.ts';

const cut = (where: string): Fault => ({ kind: 'cut', where, directions: 'both' });
const kill: Fault = { kind: 'kill', node: 'edge-a1' };

const play = async (faults: TimedFault[], { interruptAt = Infinity, broken = '' } = {}) => {
  const said: string[] = [];
  const clock = new FakeClock({ start: 0 });
  const interrupt = new AbortController();
  if (interruptAt < Infinity) void clock.sleep(interruptAt).then(() => interrupt.abort(new Error('interrupted')));
  const act = (async (_scene, fault) => {
    if (fault.kind === broken) throw new Error('no power switch');
    return fault.kind === 'reboot' ? undefined : () => Promise.resolve();
  }) as typeof actFault;
  const scene = { engine: undefined, lab: undefined, plan: undefined } as never as Parameters<typeof playFaults>[0];
  const ended = playFaults({
    ...scene,
    faults,
    signal: interrupt.signal,
    act,
    sleep: clock.sleep.bind(clock),
    say: ({ what, state }) => said.push(`${state} ${what}`),
  });
  const error = await ended.then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  return { said, error, milliseconds: clock.now() };
};

test('each fault begins at its time and ends at its own, or with the timeline, the last thing first', async (t) => {
  const { said, milliseconds } = await play([
    { atMs: 0, fault: cut('a') },
    { atMs: 100, forMs: 600, fault: cut('b') },
    { atMs: 400, fault: kill },
    { atMs: 2000, fault: { kind: 'reboot', site: 'a' } },
  ]);
  t.deepEqual(said, [
    'done link of a cut',
    'done link of b cut',
    'done edge-a1 killed',
    'undone link of b cut',
    'done router of a rebooted',
    'undone edge-a1 killed',
    'undone link of a cut',
  ]);
  t.is(milliseconds, 2000);
});

test('a fault that fails ends the timeline, and what is on is undone', async (t) => {
  const { said, error } = await play(
    [
      { atMs: 0, fault: cut('a') },
      { atMs: 10, fault: kill },
      { atMs: 60_000, fault: cut('b') },
    ],
    { broken: 'kill' },
  );
  t.deepEqual(said, ['done link of a cut', 'failed edge-a1 killed', 'undone link of a cut']);
  t.is(error?.message, 'no power switch');
});

test('an interrupt undoes everything too', async (t) => {
  const { said, error } = await play(
    [
      { atMs: 0, forMs: 60_000, fault: cut('a') },
      { atMs: 60_000, fault: kill },
    ],
    { interruptAt: 30 },
  );
  t.deepEqual(said, ['done link of a cut', 'undone link of a cut']);
  t.is(error?.message, 'interrupted');
});

test('a timeline lasts to its last end', (t) => {
  t.is(
    timelineMs([
      { atMs: 100, forMs: 50, fault: cut('a') },
      { atMs: 20, fault: { kind: 'flap', where: 'a', times: 3, periodMs: 100 } },
    ]),
    320,
  );
  t.is(timelineMs([]), 0);
});
