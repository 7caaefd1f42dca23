import test from 'ava';
import type { FakeEngine } from '../../src/engine/fake/fake-engine.ts';
import type { LabEvent } from '../../src/model/event.ts';
import type { Step } from '../../src/model/plan.ts';
import { makeCaptures } from '../../src/run/captures.ts';
import { executePlan } from '../../src/run/execute.ts';
import { makeMasker } from '../../src/run/masker.ts';
import { openWorkshop } from '../../src/run/perform.ts';
import { StepFailure } from '../../src/run/step-failure.ts';
import { grounded, images, makeEngine, planOf, record, step } from './small-lab.ts';

const run = async (engine: FakeEngine, steps: Step[], { signal = new AbortController().signal }: { signal?: AbortSignal } = {}) => {
  const plan = planOf(...steps);
  const masker = makeMasker();
  const owner = { lab: 'small', planHash: 'h', topology: '/t.yaml' };
  const shop = openWorkshop(plan, { engine, owner, images, captures: makeCaptures(masker) });
  const { events, emit } = record();
  const outcome = await executePlan(plan, { shop, masker, emit, now: engine.clock.now, signal }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { events, outcome };
};

const order = (events: readonly LabEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'step-started' ? [`+${event.step}`] : event.type === 'step-finished' ? [`-${event.step}`] : [],
  );

const after = (...needs: string[]): Partial<Step> => ({ needs: [...grounded, ...needs] });

test('a step starts only when all it needs is done', async (t) => {
  const { events, outcome } = await run(makeEngine(), [step('c', after('a', 'b')), step('a', after()), step('b', after('a'))]);
  t.is(outcome, undefined);
  t.deepEqual(order(events).slice(-6), ['+a', '-a', '+b', '-b', '+c', '-c']);
});

test('steps that do not need each other run at the same time', async (t) => {
  const engine = makeEngine();
  engine.when('cloud', 'run').answers({ takes: 5 });
  const { events } = await run(engine, [step('a', after()), step('b', after()), step('c', after('a', 'b'))]);
  t.deepEqual(order(events).slice(-6), ['+a', '+b', '-a', '-b', '+c', '-c']);
  t.is(events.at(-1)!.at - events[0]!.at, 10_000, 'two rounds of 5 s, not three');
});

test('networks and containers are asked for a few at a time, and what is no such work is not held up by them', async (t) => {
  const engine = makeEngine();
  engine.slowOn('ensureNetwork', 1);
  const networks = Array.from({ length: 40 }, (_, index) =>
    step(`n${index}`, { ...after(), action: { do: 'network', network: 'internet' } }),
  );
  const { events, outcome } = await run(engine, [...networks, step('other', after())]);
  t.is(outcome, undefined);
  let running = 0;
  const made = order(events).filter((one) => /^.n\d/.test(one));
  t.is(Math.max(...made.map((one) => (running += one.startsWith('+') ? 1 : -1))), 16);
  t.is(made.length, 80);
  t.true(order(events).indexOf('-other') < order(events).indexOf('+n20'));
});

test('a step that what it needs has shown is not run, and is done when that is', async (t) => {
  const engine = makeEngine();
  const { events, outcome } = await run(engine, [
    step('proof', after()),
    step('online', { ...after('proof'), shown: true }),
    step('next', after('online')),
  ]);
  t.is(outcome, undefined);
  t.deepEqual(order(events).slice(-6), ['+proof', '-proof', '+online', '-online', '+next', '-next']);
  t.deepEqual(
    engine.commands('cloud').filter((line) => line.includes('run')),
    ['/bin/sh -c run proof', '/bin/sh -c run next'],
  );
});

test('a hundred parallel steps raise no warning about listeners', async (t) => {
  const warnings: Error[] = [];
  const listen = (warning: Error): void => void warnings.push(warning);
  process.on('warning', listen);
  t.teardown(() => process.off('warning', listen));
  const engine = makeEngine();
  engine.when('cloud', 'run').answers({ takes: 1 });
  const { outcome } = await run(
    engine,
    Array.from({ length: 100 }, (_, index) => step(`s${index}`, after())),
  );
  await new Promise(setImmediate);
  t.is(outcome, undefined);
  t.deepEqual(warnings, []);
});

test('a script gets its stdin, files and environment, captures filled in', async (t) => {
  const engine = makeEngine();
  const seen: unknown[] = [];
  engine.when('cloud', 'hostname').answers({ stdout: ' cloud-1 \n' });
  engine.when('edge-1', 'join').runs(({ argv, env, stdin }) => {
    seen.push({ argv, env, stdin });
    return {};
  });
  const { outcome } = await run(engine, [
    step('ask', {
      ...after(),
      capture: { name: 'host', secret: false },
      action: { do: 'exec', container: 'cloud', script: { text: 'hostname' } },
    }),
    step('join', {
      ...after('ask'),
      action: {
        do: 'exec',
        container: 'edge-1',
        files: [{ path: '/etc/x', mode: 0o600, content: 'x' }],
        script: { text: 'join "$TO"', env: { TO: { capture: 'host' }, N: '1' }, stdin: 'in' },
      },
    }),
  ]);
  t.is(outcome, undefined);
  t.deepEqual(seen, [{ argv: ['/bin/sh', '-c', 'join "$TO"'], env: { TO: 'cloud-1', N: '1' }, stdin: 'in' }]);
  t.deepEqual(engine.file('small', 'edge-1', '/etc/x'), { mode: 0o600, content: 'x' });
});

test('a link script learns the address by which it finds each interface', async (t) => {
  const engine = makeEngine();
  let env: Record<string, string> = {};
  engine.when('lan-router', 'link').runs((call) => {
    env = call.env;
    return {};
  });
  await run(engine, [
    step('link:lan-router', { ...after(), action: { do: 'link', container: 'lan-router', files: [], script: { text: 'link' } } }),
  ]);
  t.deepEqual(Object.keys(env), ['EDGELAB_IF_eth0']);
  t.regex(env.EDGELAB_IF_eth0!, /^198\.18\.\d+\.\d+\/32$/);
});

/** The step `link:lan-router`, done by the container's first process. */
const shownLink = step('link:lan-router', {
  ...after(),
  shown: true,
  action: { do: 'link', container: 'lan-router', files: [], script: { text: 'link', env: { A: 'b' }, stdin: 'rules' } },
});

test('a link that the container does itself is run once, and finds each interface by the subnet it is carried by', async (t) => {
  const engine = makeEngine();
  const seen: unknown[] = [];
  engine.when('lan-router', 'link').runs(({ env, stdin }) => {
    seen.push([env, stdin]);
    return {};
  });
  const { outcome } = await run(engine, [shownLink]);
  t.is(outcome, undefined);
  t.deepEqual(seen, [
    [{ A: 'b', EDGELAB_IF_eth0: seen.length > 0 ? (seen[0] as [Record<string, string>])[0]['EDGELAB_IF_eth0'] : '' }, 'rules'],
  ]);
  t.regex((seen[0] as [Record<string, string>])[0]['EDGELAB_IF_eth0']!, /^198\.18\.\d+\.0\/24$/);
  t.deepEqual(engine.commands('lan-router'), []);
});

test('a link that fails in the container’s first process fails the step of the container, with what it printed', async (t) => {
  const engine = makeEngine();
  engine.when('lan-router', 'link').fails(1, 'no interface has 198.18.1.0/24\n');
  const { outcome } = await run(engine, [shownLink]);
  t.true(outcome instanceof StepFailure);
  t.like((outcome as StepFailure).facts, { kind: 'failed', reason: 'exit code 1', lastObservation: 'no interface has 198.18.1.0/24' });
  t.is((outcome as StepFailure).facts.step.id, 'container:lan-router');
});

test('nodes get the shared store, routers do not', async (t) => {
  const engine = makeEngine();
  await run(engine, []);
  t.is(engine.container('small', 'cloud').storeVolume, 'store');
  t.is(engine.container('small', 'lan-router').storeVolume, undefined);
  t.is(engine.container('small', 'lan-router').image, 'edgelab/router:1');
});

test('the first failure cancels running steps and starts no others', async (t) => {
  const engine = makeEngine();
  engine.when('cloud', 'run slow').hangs();
  engine.when('cloud', 'run bad').answers({ takes: 2, code: 3, stdout: 'one\n', stderr: 'no such thing' });
  const { events, outcome } = await run(engine, [step('slow', after()), step('bad', after()), step('later', after('bad'))]);
  t.true(outcome instanceof StepFailure);
  const { facts } = outcome as StepFailure;
  t.is(facts.step.id, 'bad');
  t.is(facts.reason, 'exit code 3');
  t.is(facts.outputTail, 'one\nno such thing');
  t.false(events.some((event) => 'step' in event && event.step === 'later'));
  const ends = events.flatMap((event) => (event.type === 'step-finished' && event.outcome !== 'done' ? [event] : []));
  t.deepEqual(
    ends.map(({ step: id, outcome: how, message }) => [id, how, message]),
    [
      ['bad', 'failed', 'exit code 3: no such thing'],
      ['slow', 'cancelled', undefined],
    ],
  );
});

test('a wait that misses its deadline quotes its last observation', async (t) => {
  const engine = makeEngine();
  engine.when('cloud', 'run wait').hangs({ stdout: 'edge-1 NotReady\nedge-1 NotReady: cni plugin not initialized\n' });
  const { outcome, events } = await run(engine, [step('wait', { ...after(), timeoutSeconds: 30 })]);
  const { facts } = outcome as StepFailure;
  t.is(facts.kind, 'deadline');
  t.is(facts.lastObservation, 'edge-1 NotReady: cni plugin not initialized');
  const end = events.at(-1)!;
  t.true(end.type === 'step-finished' && end.seconds === 30);
  t.is(end.type === 'step-finished' && end.message, 'not done within 30 s: edge-1 NotReady: cni plugin not initialized');
});

test('an engine that hangs is held to the deadline as well', async (t) => {
  const engine = makeEngine();
  engine.hangOn('writeFiles');
  const action = { do: 'exec', container: 'cloud', files: [{ path: '/x', mode: 0o600, content: '' }], script: { text: 'x' } } as const;
  const { outcome } = await run(engine, [step('a', { ...after(), timeoutSeconds: 0.02, action: { ...action, files: [...action.files] } })]);
  t.is((outcome as StepFailure).facts.kind, 'deadline');
});

test('what the engine refuses is a failure of the step that asked', async (t) => {
  const engine = makeEngine();
  engine.failOn('ensureContainer', { name: 'edge-1' });
  const { outcome } = await run(engine, []);
  t.is((outcome as StepFailure).facts.step.id, 'container:edge-1');
  t.is((outcome as StepFailure).facts.reason, 'ensureContainer was made to fail');
});

test('a capture of nothing and a capture nobody kept are failures', async (t) => {
  const capture = { name: 'token', secret: false };
  const silent = await run(makeEngine(), [step('a', { ...after(), capture })]);
  t.is((silent.outcome as StepFailure).facts.reason, 'printed nothing to keep as "token"');
  const script = { text: 'x', env: { T: { capture: 'token' } } };
  const unkept = await run(makeEngine(), [step('a', { ...after(), action: { do: 'exec', container: 'cloud', script } })]);
  t.is((unkept.outcome as StepFailure).facts.reason, 'needs "token", which no earlier step has kept');
});

test('an abort ends running steps and is what the run rejects with', async (t) => {
  const engine = makeEngine();
  const controller = new AbortController();
  engine.when('cloud', 'run a').runs(() => {
    setImmediate(() => controller.abort(new Error('Ctrl-C')));
    return { takes: 'forever' };
  });
  const { outcome, events } = await run(engine, [step('a', after()), step('b', after('a'))], { signal: controller.signal });
  t.is((outcome as Error).message, 'Ctrl-C');
  const end = events.at(-1)!;
  t.true(end.type === 'step-finished' && end.outcome === 'cancelled');
});

test('a plan whose steps need each other ends with an error, not with a hang', async (t) => {
  const { outcome } = await run(makeEngine(), [step('a', { needs: ['b'] }), step('b', { needs: ['a'] })]);
  t.regex((outcome as Error).message, /2 steps of the plan need each other/);
});
