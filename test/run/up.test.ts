import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { FakeEngine } from '../../src/engine/fake/fake-engine.ts';
import { LabError } from '../../src/lib/lab-error.ts';
import type { LabEvent } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import { down, up, type UpOptions } from '../../src/run/run.ts';
import { grounded, images, lab, makeEngine, planOf, record, step, verifies } from './small-lab.ts';

type Result = { events: LabEvent[]; error?: unknown; reused?: boolean; runsDirectory: string };

const bringUp = async (t: ExecutionContext, engine: FakeEngine, plan: Plan, change: Partial<UpOptions> = {}): Promise<Result> => {
  const { events, emit } = record();
  const runsDirectory = await mkdtemp(join(tmpdir(), 'edgelab-runs-'));
  t.teardown(() => rm(runsDirectory, { recursive: true }));
  const signal = new AbortController().signal;
  const options = { lab, plan, topologyFile: '/t.yaml', engine, images, emit, signal, now: engine.clock.now, runsDirectory, ...change };
  try {
    const { reused } = await up(options);
    return { events, reused, runsDirectory };
  } catch (error) {
    return { events, error, runsDirectory };
  }
};

const types = (events: readonly LabEvent[]): string[] => events.map(({ type }) => type).filter((type) => !type.startsWith('step-'));
const notices = (events: readonly LabEvent[]): string[] => events.flatMap((event) => (event.type === 'notice' ? [event.text] : []));
const execs = (engine: FakeEngine): number => engine.calls.filter(({ method }) => method === 'exec').length;

const simple = planOf(step('install', { needs: grounded }), verifies('ready'));

test('an absent lab is built', async (t) => {
  const engine = makeEngine();
  engine.when('cloud', 'run install').answers({ takes: 7 });
  const { events, reused, error } = await bringUp(t, engine, simple);
  t.is(error, undefined);
  t.false(reused);
  t.deepEqual(types(events), ['up-started', 'up-finished']);
  const end = events.at(-1)!;
  t.true(end.type === 'up-finished' && end.ok && end.seconds === 7);
  const owned = await engine.list('small');
  t.true(owned.every(({ topology }) => topology === '/t.yaml'));
});

const remarking: Plan = { ...simple, remarks: [{ container: 'edge-1', script: { text: 'remark', env: {} } }] };
const seen = { stdout: 'edgecore lost 2 answers\n' };

for (const [takes, said] of [
  [59, []],
  [60, ['edgecore lost 2 answers']],
] as const)
  test(`an up of ${takes} s tells ${said.length === 0 ? 'nothing' : 'what its nodes know of why'}`, async (t) => {
    const engine = makeEngine();
    engine.when('cloud', 'run install').answers({ takes });
    engine.when('edge-1', 'remark').answers(seen);
    const { events, error } = await bringUp(t, engine, remarking);
    t.is(error, undefined);
    t.deepEqual(notices(events), said);
    t.is(events.at(-1)?.type, 'up-finished');
  });

test('an up that failed tells what its nodes know of why, before they are gone, and one that cannot be asked says nothing', async (t) => {
  const engine = makeEngine();
  engine.when('cloud', 'run install').fails(1, 'no');
  engine.when('edge-1', 'remark').answers(seen);
  const { events, error } = await bringUp(t, engine, {
    ...simple,
    remarks: [{ container: 'nobody', script: { text: 'remark', env: {} } }, ...remarking.remarks!],
  });
  t.true(error instanceof LabError);
  t.is(notices(events)[0], 'edgecore lost 2 answers');
});

const curing: Plan = { ...simple, cures: [{ container: 'edge-1', after: 'install', script: { text: 'cure', env: {} } }] };

test('what is mended while a lab comes up is told, and ends with the last step', async (t) => {
  const engine = makeEngine();
  engine.when('edge-1', 'cure').answers({ stdout: 'edgecore was started anew\n', takes: 'forever' });
  const { events, error } = await bringUp(t, engine, curing);
  t.is(error, undefined);
  t.deepEqual(notices(events), ['edgecore was started anew']);
  const at = (sought: (event: LabEvent) => boolean) => events.findIndex(sought);
  t.true(at((event) => event.type === 'notice') > at((event) => event.type === 'step-finished' && event.step === 'install'));
});

test('a cure that fails does not make the lab fail, and one whose step is never done does not begin', async (t) => {
  const engine = makeEngine();
  engine.when('edge-1', 'cure').fails(1, 'no journalctl');
  t.is((await bringUp(t, engine, curing)).error, undefined);
  const failing = makeEngine();
  failing.when('cloud', 'run install').fails(1, 'no');
  failing.when('edge-1', 'cure').answers({ stdout: 'edgecore was started anew\n' });
  const { events } = await bringUp(t, failing, curing);
  t.false(notices(events).includes('edgecore was started anew'));
});

test('a live lab made from the same plan is reused: only its verifying waits run', async (t) => {
  const engine = makeEngine();
  await bringUp(t, engine, simple);
  const before = execs(engine);
  const { events, reused } = await bringUp(t, engine, simple);
  t.true(reused);
  t.is(execs(engine) - before, 1);
  t.deepEqual(types(events), ['up-started', 'up-finished']);
  t.like(events[0], { type: 'up-started', reused: true });
});

const rebuilt = test.macro({
  title: (_, why: string) => `a lab is built anew, and it is said why: ${why}`,
  exec: async (t: ExecutionContext, why: string, spoil: (engine: FakeEngine) => unknown, change: Partial<UpOptions> = {}) => {
    const engine = makeEngine();
    await bringUp(t, engine, simple);
    await spoil(engine);
    const { events, reused, error } = await bringUp(t, engine, change.plan ?? simple, change);
    t.is(error, undefined);
    t.false(reused);
    t.deepEqual(notices(events), [`small is built anew: ${why}`]);
    t.deepEqual(types(events), ['notice', 'down-started', 'down-finished', 'up-started', 'up-finished']);
  },
});

const nothing = (): void => undefined;
test(rebuilt, 'topology changed', nothing, { plan: planOf(step('other', { needs: grounded }), verifies('ready')) });
test(rebuilt, 'images changed', nothing, { images: { refs: new Map([...images.refs, ['node', 'edgelab/node:2']]) } });
test(rebuilt, 'stopped (edge-1), and after a start not well: do ready: no kubelet', (engine) => {
  engine.crash('small', 'edge-1');
  engine.when('cloud', 'wait ready').answersInTurn([{ code: 1, stdout: 'no kubelet\n' }, {}]);
});

const mending = (): Plan => planOf(step('install', { needs: grounded }), { ...verifies('ready'), mend: { text: 'mend order' } });

test('what a step can cure is cured before a lab is given up, and it is said', async (t) => {
  const engine = makeEngine();
  await bringUp(t, engine, mending());
  engine.when('cloud', 'wait ready').answersInTurn([{ code: 1, stdout: 'wrong order\n' }, {}]);
  engine.when('cloud', 'mend order').answers({ stdout: 'the agent was started again\n' });
  const { events, reused } = await bringUp(t, engine, mending());
  t.true(reused);
  t.deepEqual(notices(events), ['mended: the agent was started again']);
});

test('a cure that finds nothing to do does not keep a dead lab', async (t) => {
  const engine = makeEngine();
  await bringUp(t, engine, mending());
  engine.when('cloud', 'wait ready').answersInTurn([{ code: 1, stdout: 'no kubelet\n' }, {}]);
  engine.when('cloud', 'mend order').answers({ stdout: '' });
  const { events, reused } = await bringUp(t, engine, mending());
  t.false(reused);
  t.deepEqual(notices(events), ['small is built anew: not well: do ready: no kubelet']);
});

test('a lab that was stopped is started again and wired as before, and that is said', async (t) => {
  const engine = makeEngine();
  const wired = planOf(
    step('link:edge-1', { needs: grounded, action: { do: 'link', container: 'edge-1', script: { text: 'wire it' }, files: [] } }),
    verifies('ready'),
  );
  await bringUp(t, engine, wired);
  for (const name of ['lan-router', 'cloud', 'edge-1']) engine.crash('small', name);
  const before = engine.commands('edge-1').filter((command) => command.includes('wire it')).length;
  const { reused, events, error } = await bringUp(t, engine, wired);
  t.is(error, undefined);
  t.true(reused);
  t.deepEqual(notices(events), ['small had been stopped: 3 containers were started and wired again, nothing was built anew']);
  t.is(engine.commands('edge-1').filter((command) => command.includes('wire it')).length, before + 1);
});
test(rebuilt, 'not well: do ready: edge-1 NotReady', (engine) =>
  engine.when('cloud', 'wait ready').answersInTurn([{ code: 1, stdout: 'edge-1 NotReady\n' }, {}]),
);

test('a lab of which an earlier up was killed half-way is built anew as incomplete', async (t) => {
  const engine = makeEngine();
  await bringUp(t, engine, simple);
  const [one] = await engine.list('small');
  await engine.remove('small');
  await engine.ensureNetwork({ lab: 'small', planHash: one!.planHash, topology: '/t.yaml' }, simple.networks[0]!);
  const { events, error } = await bringUp(t, engine, simple);
  t.is(error, undefined);
  t.deepEqual(notices(events), ['small is built anew: incomplete']);
});

test('a lab whose plan proves nothing is never reused', async (t) => {
  const engine = makeEngine();
  const plan = planOf(step('install', { needs: grounded }));
  await bringUp(t, engine, plan);
  const { reused, events } = await bringUp(t, engine, plan);
  t.false(reused);
  t.regex(notices(events)[0]!, /nothing in its plan proves/);
});

test('a failed step explains itself, leaves a bundle and removes the lab', async (t) => {
  const engine = makeEngine();
  const script = { text: 'set -eu\n\n# why\nkeadm join --cloudcore-ipport="$TO"\nsleep 1' };
  const join_ = step('join', { title: 'keadm join edge-1', needs: grounded, action: { do: 'exec', container: 'edge-1', script } });
  engine.when('edge-1', 'keadm').answers({ code: 1, stdout: 'trying\n', stderr: 'Failed to connect to bus\n' });
  engine.when('*', 'journalctl').answers({ stdout: 'a line of the journal\n' });
  engine.when('edge-1', 'nft').fails(127, 'nft: not found\n');
  engine.when('cloud', 'conntrack').hangs();
  const { error, events, runsDirectory } = await bringUp(t, engine, planOf(join_));
  t.true(error instanceof LabError);
  const { code, message, details } = error as LabError;
  t.is(code, 'UP001');
  t.is(message, '"keadm join edge-1" failed: exit code 1');
  const { hint, ...rest } = details;
  t.deepEqual(rest, {
    step: 'keadm join edge-1',
    condition: 'keadm join edge-1 ends with success',
    limitSeconds: 60,
    lastObservation: 'Failed to connect to bus',
    command: 'edge-1: keadm join --cloudcore-ipport="$TO"',
    outputTail: 'trying\nFailed to connect to bus',
    left: 'nothing',
  });
  t.deepEqual(types(events), ['up-started', 'up-finished', 'notice', 'down-started', 'down-finished']);
  t.deepEqual(await engine.list('small'), []);

  const [name] = await readdir(runsDirectory);
  t.regex(name!, /^small-\d{8}T\d{6}Z$/);
  const bundle = join(runsDirectory, name!);
  t.is(hint, `logs of every node are in ${bundle}`);
  const read = (file: string): Promise<string> => readFile(join(bundle, file), 'utf8');
  t.is(await read('edge-1/journal.txt'), 'a line of the journal\n');
  t.is(await read('edge-1/nftables.txt'), 'nft: not found\n');
  t.is((JSON.parse(await read('plan.json')) as Plan).lab, 'small');
  t.like(JSON.parse(await read('failure.json')), { step: 'join', reason: 'exit code 1' });
  const lines = (await read('events.ndjson')).trim().split('\n');
  t.deepEqual(types(lines.map((line) => JSON.parse(line) as LabEvent)), ['up-started', 'up-finished', 'notice']);
  const collected = JSON.parse(await read('collected.json')) as { file: string; ok: boolean; why?: string }[];
  const of = (file: string) => collected.find((one) => one.file === file);
  t.like(of('edge-1/nftables.txt'), { ok: false, why: 'exit code 127' });
  t.like(of('cloud/conntrack.txt'), { ok: false, why: 'not done within 5 s' });
  t.like(of('cloud/kubectl-get.txt'), { ok: true });
  t.is(of('edge-1/kubectl-get.txt'), undefined, 'kubectl is asked where it works only');
});

test('a missed deadline is UP002 with the condition and its last observation', async (t) => {
  const engine = makeEngine();
  engine.when('cloud', 'wait ready').hangs({ stdout: 'edge-1 NotReady\n' });
  const { error } = await bringUp(t, engine, planOf({ ...verifies('ready'), title: 'edge-1 Ready', timeoutSeconds: 90 }));
  t.like(error, { code: 'UP002', message: '"edge-1 Ready" was not done within 90 s' });
  t.like((error as LabError).details, { condition: 'edge-1 Ready', limitSeconds: 90, lastObservation: 'edge-1 NotReady' });
});

test('with keep a failed lab stays', async (t) => {
  const engine = makeEngine();
  engine.when('cloud', 'run install').fails(1);
  const { error } = await bringUp(t, engine, simple, { keep: true });
  t.is((error as LabError).details.left, 'lab small as it failed, because it was to be kept');
  t.is((error as LabError).details.cleanup, 'edgelab down small');
  t.is((await engine.list('small')).filter(({ kind }) => kind === 'container').length, 3);
});

test('Ctrl-C while building removes what was built', async (t) => {
  const engine = makeEngine();
  const controller = new AbortController();
  engine.when('cloud', 'run install').runs(() => {
    setImmediate(() => controller.abort());
    return { takes: 'forever' };
  });
  const { error, events, runsDirectory } = await bringUp(t, engine, simple, { signal: controller.signal, keep: true });
  t.like(error, { code: 'INT001' });
  t.is((error as LabError).details.left, 'nothing');
  t.deepEqual(types(events), ['up-started', 'up-finished', 'down-started', 'down-finished']);
  t.deepEqual(await engine.list('small'), []);
  t.deepEqual(await readdir(runsDirectory), [], 'an interruption is not a failure that needs a bundle');
});

test('Ctrl-C while a live lab is looked at leaves it alone', async (t) => {
  const engine = makeEngine();
  await bringUp(t, engine, simple);
  const controller = new AbortController();
  engine.when('cloud', 'wait ready').runs(() => {
    setImmediate(() => controller.abort());
    return { takes: 'forever' };
  });
  const { error } = await bringUp(t, engine, simple, { signal: controller.signal });
  t.like(error, { code: 'INT001' });
  t.is((error as LabError).details.left, 'nothing');
  t.is((await engine.list('small')).length, 4);
});

test('a lab that cannot be removed after a failure is named as left', async (t) => {
  const engine = makeEngine();
  engine.when('cloud', 'run install').fails(1);
  engine.failOn('remove');
  const { error } = await bringUp(t, engine, simple);
  t.like(error, { code: 'UP001' });
  t.is((error as LabError).details.left, 'a part of lab small (remove was made to fail)');
});

test('an engine that does not answer is its own error, not a failed step', async (t) => {
  const engine = makeEngine();
  engine.failOn('list', {}, new LabError('HOST001', 'no engine answers'));
  const { error, events } = await bringUp(t, engine, simple);
  t.like(error, { code: 'HOST001' });
  t.deepEqual(events, []);
});

test('two labs side by side do not touch each other', async (t) => {
  const engine = makeEngine();
  await bringUp(t, engine, simple);
  const other = { ...simple, lab: 'other' };
  await bringUp(t, engine, other, { lab: { ...lab, name: 'other' } });
  await down({ lab: 'other', engine, emit: () => undefined, now: engine.clock.now });
  t.is((await engine.list('small')).length, 4);
});
