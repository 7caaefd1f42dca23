import anyTest from 'ava';
import { LabError } from '../../src/lib/lab-error.ts';
import { step } from '../../src/scenario/scenario.ts';
import { makeFakeLab, run, type FakeLab } from './fake-lab.ts';

// one after another: each run watches the process for rejections nobody handles
const test = anyTest.serial;

let fake: FakeLab;
test.before(async () => {
  fake = await makeFakeLab();
});

test('steps are announced before they run, checks come as they are settled, the verdict last', async (t) => {
  const { result, events } = run(fake, {
    title: 'two steps',
    steps: [step('first', ({ expect }) => expect.that(true, 'it holds')), step('second', () => undefined)],
  });
  t.is((await result).verdict, 'passed');
  t.deepEqual(
    events.map((event) => (event.type === 'scenario-step' ? `${event.index} ${event.state}` : event.type)),
    ['scenario-started', '0 started', 'check', '0 passed', '1 started', '1 passed', 'scenario-finished'],
  );
  t.like(events[0], { scenario: 'mine', title: 'two steps', steps: ['first', 'second'] });
});

test('a failed check fails the scenario and stops nothing', async (t) => {
  const { result, events } = run(fake, {
    steps: [
      step('first', ({ expect }) => {
        expect.that(false, 'it holds');
        expect.equal({ a: 1 }, { a: 1 }, 'they are equal');
      }),
      step('second', ({ expect }) => expect.equal('one', 'two', 'they are equal', { claims: ['S000-Q1-1'] })),
    ],
  });
  const { verdict, checks } = await result;
  t.is(verdict, 'failed');
  t.deepEqual(
    checks.map(({ ok }) => ok),
    [false, true, false],
  );
  t.like(checks[2], { expected: 'two', observed: 'one', claims: ['S000-Q1-1'] });
  t.like(
    events.find((event) => event.type === 'scenario-step' && event.state === 'failed'),
    { index: 0, message: '1 of 2 checks did not hold' },
  );
});

const upstream = { reason: 'a bug of theirs', issue: 'THEIRS-1' };

test('a check that is known to fail leaves the scenario known, not failed; one that holds all the same is passed', async (t) => {
  const { result, events } = run(fake, {
    steps: [
      step('first', ({ expect }) => {
        expect.that(false, 'it holds', { known: upstream });
        expect.that(true, 'so does this', { known: upstream });
      }),
    ],
  });
  t.is((await result).verdict, 'known');
  t.deepEqual(
    events.flatMap((event) => (event.type === 'check' ? [[event.check.ok, event.check.known]] : [])),
    [
      [false, upstream],
      [true, upstream],
    ],
  );
  t.true(events.some((event) => event.type === 'scenario-step' && event.state === 'passed'));
});

test('a new failure beside a known one fails the scenario', async (t) => {
  const { result } = run(fake, {
    steps: [
      step('first', ({ expect }) => {
        expect.that(false, 'it holds', { known: upstream });
        expect.that(false, 'this should');
      }),
    ],
  });
  t.is((await result).verdict, 'failed');
});

test('in a scenario that is known to fail, failed checks and steps are known failures', async (t) => {
  const { result, events } = run(fake, {
    known: upstream,
    steps: [
      step('first', ({ expect }) => expect.that(false, 'it holds')),
      step('second', () => {
        throw new TypeError('no luck');
      }),
    ],
  });
  t.is((await result).verdict, 'known');
  t.like(events.at(-1), { type: 'scenario-finished', verdict: 'known', known: upstream });
  const held = run(fake, { known: upstream, steps: [step('first', ({ expect }) => expect.that(true, 'it holds'))] });
  t.is((await held.result).verdict, 'passed');
  t.like(held.events.at(-1), { verdict: 'passed', known: upstream });
});

test('with --only all steps run, and only checks with the claim or id count', async (t) => {
  const ran: string[] = [];
  const steps = [
    step('first', ({ expect }) => {
      expect.that(false, 'this fails', { claims: ['S000-Q1-1'] });
      expect.that(true, 'this holds', { claims: ['S000-Q1-7', 'S000-Q1-8'] });
    }),
    step('second', () => ran.push('second')),
  ];
  const byClaim = await run(fake, { steps }, '/elsewhere/mine.ts', { only: 'S000-Q1-7' }).result;
  t.deepEqual([byClaim.verdict, byClaim.checks.length], ['passed', 1]);
  const byId = await run(fake, { steps }, '/elsewhere/mine.ts', { only: 'this-fails' }).result;
  t.deepEqual([byId.verdict, byId.checks.map(({ id }) => id)], ['failed', ['this-fails']]);
  t.deepEqual(ran, ['second', 'second']);
  const none = run(fake, { steps }, '/elsewhere/mine.ts', { only: 'nothing' });
  t.is((await none.result).verdict, 'failed', 'a word that fits nothing is no success');
  t.true(none.events.some((event) => event.type === 'notice' && event.text.includes('no check of mine has the id or claim nothing')));
});

test('why a scenario may fail can depend on the lab', async (t) => {
  const steps = [step('first', ({ expect }) => expect.that(false, 'it holds'))];
  t.is((await run(fake, { steps, known: (lab) => (lab.version('kubeedge') === '1.23.1' ? upstream : undefined) }).result).verdict, 'known');
  t.is(
    (await run(fake, { steps, known: (lab) => (lab.version('edgemesh') === undefined ? undefined : upstream) }).result).verdict,
    'failed',
  );
});

test('claims that a check refutes stand beside those it proves', async (t) => {
  const { result } = run(fake, {
    steps: [step('first', ({ expect }) => expect.that(true, 'it rejects', { claims: ['S000-Q1-2'], refutes: ['S000-Q1-5'] }))],
  });
  t.like((await result).checks[0], { claims: ['S000-Q1-2'], refutes: ['S000-Q1-5'] });
});

test('a step that throws fails the scenario and ends it', async (t) => {
  const ran: string[] = [];
  const { result, events } = run(fake, {
    steps: [
      step('first', () => {
        throw new TypeError('no luck');
      }),
      step('second', () => ran.push('second')),
    ],
  });
  t.is((await result).verdict, 'failed');
  t.deepEqual(ran, []);
  t.like(
    events.find((event) => event.type === 'scenario-step' && event.state === 'failed'),
    { message: 'TypeError: no luck' },
  );
});

test('with keepGoing the other steps run all the same', async (t) => {
  const ran: string[] = [];
  const { result } = run(fake, {
    keepGoing: true,
    steps: [step('first', () => Promise.reject(new Error('no luck'))), step('second', () => ran.push('second'))],
  });
  t.is((await result).verdict, 'failed');
  t.deepEqual(ran, ['second']);
});

test('an error in the scenario names its file and line', async (t) => {
  const here = new URL(import.meta.url).pathname;
  const { result, events } = run(fake, { steps: [step('first', () => (undefined as unknown as { x: { y: 1 } }).x.y)] }, here);
  await result;
  const failed = events.find((event) => event.type === 'scenario-step' && event.state === 'failed');
  t.regex((failed as { message: string }).message, /^TypeError: Cannot read.* \(.*runner\.test\.ts:\d+:\d+\)$/);
});

test("a command that fails names itself in the step's message", async (t) => {
  const own = await makeFakeLab();
  own.engine.when('edge-a1', 'systemctl').fails(5, 'Unit x.service not found.');
  const { result, events } = run(own, { steps: [step('first', ({ lab }) => lab.node('edge-a1').$`systemctl restart x`)] });
  await result;
  const failed = events.find((event) => event.type === 'scenario-step' && event.state === 'failed');
  t.is(
    (failed as { message: string }).message,
    'SCEN003 a command on edge-a1 ended with exit code 5\ncommand: systemctl restart x\nUnit x.service not found.',
  );
});

test('a forgotten await fails the step it stands in', async (t) => {
  const own = await makeFakeLab();
  own.engine.when('edge-a1', 'false').answers({ code: 1, takes: 1 });
  const { result, events } = run(own, {
    steps: [step('first', ({ lab }) => void lab.node('edge-a1').$`false`), step('second', () => undefined)],
  });
  t.is((await result).verdict, 'failed');
  t.like(
    events.find((event) => event.type === 'scenario-step' && event.state === 'failed'),
    { index: 0 },
  );
});

test('cleanup runs after success, failure and interrupt', async (t) => {
  const ran: string[] = [];
  const cleanup = () => ran.push('cleanup');
  await run(fake, { steps: [step('fine', () => undefined)], cleanup }).result;
  await run(fake, { steps: [step('broken', () => Promise.reject(new Error('no luck')))], cleanup }).result;
  const interrupted = run(fake, {
    steps: [step('long', ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))))],
    cleanup,
  });
  setTimeout(() => interrupted.abort(new Error('interrupted')), 10);
  await t.throwsAsync(interrupted.result, { message: 'interrupted' });
  t.deepEqual(ran, ['cleanup', 'cleanup', 'cleanup']);
});

test('an interrupt ends a step that does not listen to it', async (t) => {
  const { result, abort } = run(fake, { steps: [step('deaf', () => new Promise(() => undefined))] });
  setTimeout(() => abort(new Error('interrupted')), 10);
  await t.throwsAsync(result, { message: 'interrupted' });
});

test('a cleanup that fails is a warning, the verdict stays', async (t) => {
  const { result, events } = run(fake, { steps: [step('fine', () => undefined)], cleanup: () => Promise.reject(new Error('stuck')) });
  t.is((await result).verdict, 'passed');
  t.like(
    events.find((event) => event.type === 'notice'),
    { level: 'warning', text: 'cleanup of mine failed: stuck' },
  );
});

test('a scenario that needs what the lab does not install is refused before it starts', async (t) => {
  const { result, events } = run(fake, { needs: ['kubernetes', 'edgemesh'], steps: [step('a', () => undefined)] });
  const error = await t.throwsAsync(result, { instanceOf: LabError });
  t.is(error.code, 'SCEN002');
  t.regex(error.message, /needs edgemesh, which lab "two-lans" does not install/);
  t.deepEqual(events, []);
});

test('names the lab does not have are refused with the nearest one', async (t) => {
  const { result, events } = run(fake, {
    keepGoing: true,
    steps: [step('a', ({ lab }) => lab.node('edge-a3')), step('b', ({ lab }) => lab.router('cloud'))],
  });
  await result;
  const messages = events.flatMap((event) => (event.type === 'scenario-step' && event.state === 'failed' ? [event.message ?? ''] : []));
  t.regex(messages[0]!, /^LAB002 lab "two-lans" has no node "edge-a3"\nhint: did you mean "edge-a\d"\? there are cloud, edge-a1/);
  t.regex(messages[1]!, /^SCEN002 lab "two-lans" has no router at site "cloud"/);
});

test('checks that say the same get ids of their own', async (t) => {
  const { result } = run(fake, { steps: [step('a', ({ expect }) => [1, 2, 3].map(() => expect.that(true, 'it holds')))] });
  t.deepEqual(
    (await result).checks.map(({ id }) => id),
    ['it-holds', 'it-holds#2', 'it-holds#3'],
  );
});

test('eventually looks again until it holds, and shows the last look when it never does', async (t) => {
  const own = await makeFakeLab();
  let looks = 0;
  const { result } = run(own, {
    steps: [
      step('soon', ({ expect }) =>
        expect.eventually('it is three', '10s', async () => ({ holds: ++looks === 3, observed: String(looks) })),
      ),
      step('never', async ({ expect, lab }) => {
        own.engine.when('edge-a1', 'date').answers({ takes: 4 });
        await expect.eventually('it is four', '6s', async () => {
          await lab.node('edge-a1').$`date`;
          return { holds: false, observed: 'still not' };
        });
      }),
    ],
  });
  const { checks } = await result;
  t.like(checks[0], { ok: true, observed: '3' });
  t.like(checks[1], { ok: false, observed: 'still not' });
});
