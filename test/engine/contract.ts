/** The contract of every engine, as one list of tests: `fake.test.ts` and the integration's `docker.test.ts` run it. */
import { randomUUID } from 'node:crypto';
import type { ExecutionContext, TestFn } from 'ava';
import type { Engine, Ownership } from '../../src/engine/engine.ts';
import type { ErrorCode } from '../../src/lib/error-codes.ts';
import { LabError } from '../../src/lib/lab-error.ts';
import type { ContainerSpec } from '../../src/model/plan.ts';
import { execContract } from './exec-contract.ts';
import { firstScriptContract } from './first-script-contract.ts';
import type { Answer, ExecCall } from '../../src/engine/fake/script.ts';

/** How the suite gets at an engine. `teach` tells a fake what a command of the suite gives; a real engine runs it. */
export type Subject = {
  engine: Engine;
  image: string;
  teach?: (text: string, reply: (call: ExecCall) => Answer) => void;
};

/** A lab of one test; everything in it is removed when the test ends. */
export type TestLab = Ownership & { spec(name: string, networks?: string[], more?: Partial<ContainerSpec>): ContainerSpec };

export function engineContract(test: TestFn, subject: Subject): void {
  const { engine, image } = subject;

  test('a container runs and has one address of its own on each of its networks', async (t) => {
    const lab = makeLab(t, engine);
    await engine.ensureNetwork(lab, { name: 'internet', title: '' });
    await engine.ensureNetwork(lab, { name: 'lan-a', title: '' });
    const router = await engine.ensureContainer(lab, lab.spec('router', ['internet', 'lan-a']), { image });
    const node = await engine.ensureContainer(lab, lab.spec('node', ['lan-a']), { image });
    t.deepEqual(Object.keys(router.dockerAddresses).sort(), ['internet', 'lan-a']);
    t.is(router.name, 'router');
    const addresses = [...Object.values(router.dockerAddresses), ...Object.values(node.dockerAddresses)];
    t.is(new Set(addresses).size, 3);
    for (const address of addresses) t.regex(address, /^198\.1[89]\.\d+\.\d+$/);
    t.deepEqual(await engine.inspect(lab.lab, 'router'), router);
  });

  test('to ensure twice changes nothing', async (t) => {
    const lab = makeLab(t, engine);
    const first = await ensureOne(engine, lab, 'node', image);
    const before = await engine.list(lab.lab);
    const second = await ensureOne(engine, lab, 'node', image);
    t.deepEqual(second, first);
    t.deepEqual(await engine.list(lab.lab), before);
  });

  test('what belongs to a lab is found by its labels', async (t) => {
    const lab = makeLab(t, engine);
    const { ref } = await ensureOne(engine, lab, 'node', image, { role: 'edge', site: 'lan-a' });
    const owned = await engine.list(lab.lab);
    const container = owned.find((each) => each.kind === 'container');
    const { lab: name, planHash, topology } = lab;
    t.like(container, {
      kind: 'container',
      name: 'node',
      ref,
      lab: name,
      planHash,
      topology,
      role: 'edge',
      site: 'lan-a',
      state: 'running',
    });
    t.true((container?.startedAt ?? 0) > 0);
    t.like(
      owned.find((each) => each.kind === 'network'),
      { kind: 'network', name: 'lan', lab: name, planHash, topology },
    );
    t.deepEqual(
      (await engine.labs()).filter((each) => each.lab === name),
      owned,
    );
  });

  test('a lab that does not exist is empty', async (t) => {
    t.deepEqual(await engine.list(makeLab(t, engine).lab), []);
  });

  test('two labs with the same names of nodes and networks live side by side', async (t) => {
    const one = makeLab(t, engine);
    const other = makeLab(t, engine);
    const [a, b] = await Promise.all([ensureOne(engine, one, 'node', image), ensureOne(engine, other, 'node', image)]);
    t.not(a.ref, b.ref);
    t.not(a.dockerAddresses['lan'], b.dockerAddresses['lan']);
    await engine.remove(one.lab);
    t.deepEqual(await engine.list(one.lab), []);
    t.deepEqual(await engine.inspect(other.lab, 'node'), b);
  });

  test('a dash in the name of a lab does not confuse it with another lab', async (t) => {
    const short = makeLab(t, engine);
    const long = makeLab(t, engine, `${short.lab}-a`);
    await ensureOne(engine, short, 'a-b', image);
    await t.notThrowsAsync(ensureOne(engine, long, 'b', image));
    t.deepEqual(await engine.remove(short.lab).then(({ containers }) => containers), 1);
    t.is((await engine.inspect(long.lab, 'b')).name, 'b');
  });

  test('to remove counts what it removed and is fine twice', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    t.like(await engine.remove(lab.lab), { containers: 1, networks: 1 });
    t.deepEqual(await engine.list(lab.lab), []);
    t.deepEqual(await engine.remove(lab.lab), { containers: 0, networks: 0, volumes: 0 });
  });

  test('an aborted call rejects with the reason of the abort and makes nothing', async (t) => {
    const lab = makeLab(t, engine);
    const reason = new LabError('INT001', 'stopped by the test');
    const signal = AbortSignal.abort(reason);
    t.is(await t.throwsAsync(engine.ensureNetwork(lab, { name: 'lan', title: '' }, signal)), reason);
    t.is(await t.throwsAsync(engine.ensureContainer(lab, lab.spec('node', ['lan']), { image }, signal)), reason);
    t.deepEqual(await engine.list(lab.lab), []);
  });

  test('after a lab was cancelled half-way it can be removed as a whole', async (t) => {
    const lab = makeLab(t, engine);
    await engine.ensureNetwork(lab, { name: 'lan', title: '' });
    const stop = new AbortController();
    const making = ['a', 'b', 'c'].map((name) => engine.ensureContainer(lab, lab.spec(name, ['lan']), { image }, stop.signal));
    await Promise.race(making);
    stop.abort(new LabError('INT001', 'stopped by the test'));
    await Promise.allSettled(making);
    await engine.remove(lab.lab);
    t.deepEqual(await engine.list(lab.lab), []);
  });

  test('a container found ended is reported, not taken for running', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    await engine.power(lab.lab, 'node', 'kill');
    t.is((await engine.list(lab.lab)).find((each) => each.name === 'node')?.state, 'exited');
    await throwsLabError(t, ensureOne(engine, lab, 'node', image), 'ENGINE001', /exited/);
    await throwsLabError(t, engine.exec(lab.lab, 'node', ['true']), 'ENGINE001', /exited/);
    await throwsLabError(t, engine.inspect(lab.lab, 'node'), 'ENGINE001', /exited/);
  });

  test('a container of another plan is reported, not taken for the wanted one', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    await throwsLabError(t, ensureOne(engine, { ...lab, planHash: 'another' }, 'node', image), 'ENGINE001', /another plan/);
  });

  test('a container that was ended starts again and has an address on its network', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    await engine.power(lab.lab, 'node', 'kill');
    await engine.power(lab.lab, 'node', 'start');
    t.regex((await engine.inspect(lab.lab, 'node')).dockerAddresses['lan'] ?? '', /^198\.1[89]\./);
  });

  test('a paused container is listed as such and goes on', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    await engine.power(lab.lab, 'node', 'pause');
    t.is((await engine.list(lab.lab)).find((each) => each.name === 'node')?.state, 'paused');
    await engine.power(lab.lab, 'node', 'unpause');
    t.is((await engine.list(lab.lab)).find((each) => each.name === 'node')?.state, 'running');
  });

  test('an unknown container is ENGINE003 with the names there are', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    const calls: Record<string, () => Promise<unknown>> = {
      exec: () => engine.exec(lab.lab, 'nobody', ['true']),
      writeFiles: () => engine.writeFiles(lab.lab, 'nobody', [{ path: '/etc/a', mode: 0o644, content: '' }]),
      logs: () => collect(engine.logs(lab.lab, 'nobody')),
      power: () => engine.power(lab.lab, 'nobody', 'stop'),
      memory: () => engine.memory(lab.lab, 'nobody'),
      interactive: () => engine.interactive(lab.lab, 'nobody', false),
      inspect: () => engine.inspect(lab.lab, 'nobody'),
    };
    for (const call of Object.values(calls)) {
      const error = await throwsLabError(t, call(), 'ENGINE003', /"nobody"/);
      t.regex(error.details.hint ?? '', /node/);
    }
  });

  test('a network that the lab does not have is an error before anything is created', async (t) => {
    const lab = makeLab(t, engine);
    await throwsLabError(t, engine.ensureContainer(lab, lab.spec('node', ['nowhere']), { image }), 'ENGINE001', /nowhere/);
    t.deepEqual(await engine.list(lab.lab), []);
  });

  test('a container tells its memory and how to open a session in it', async (t) => {
    const lab = makeLab(t, engine);
    const { ref } = await ensureOne(engine, lab, 'node', image);
    t.true((await engine.memory(lab.lab, 'node')) > 0);
    t.deepEqual((await engine.interactive(lab.lab, 'node', true)).slice(-3), ['exec', '-it', ref]);
    t.deepEqual((await engine.interactive(lab.lab, 'node', false)).slice(-3), ['exec', '-i', ref]);
  });

  firstScriptContract(test, subject);
  execContract(test, subject);
}

export function makeLab(t: ExecutionContext, engine: Engine, lab = `test-${randomUUID().slice(0, 8)}`): TestLab {
  t.teardown(() => engine.remove(lab));
  const spec: TestLab['spec'] = (name, networks = ['lan'], more = {}) => ({
    name,
    image: 'test',
    hostname: name,
    privilege: 'router',
    interfaces: networks.map((network, index) => ({ network, name: `eth${index}`, addresses: [`10.0.${index}.2/24`] })),
    store: false,
    role: 'host',
    ...more,
  });
  return { lab, planHash: '0123456789abcdef', topology: '/tmp/test.yaml', spec };
}

/** One network `lan` and one container on it. */
export async function ensureOne(engine: Engine, lab: TestLab, name: string, image: string, more: Partial<ContainerSpec> = {}) {
  await engine.ensureNetwork(lab, { name: 'lan', title: '' });
  return engine.ensureContainer(lab, lab.spec(name, ['lan'], more), { image });
}

export async function throwsLabError(t: ExecutionContext, promise: Promise<unknown>, code: ErrorCode, message: RegExp): Promise<LabError> {
  const error = await t.throwsAsync(promise, { instanceOf: LabError, message });
  t.is(error.code, code);
  return error;
}

export async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of from) all.push(each);
  return all;
}
