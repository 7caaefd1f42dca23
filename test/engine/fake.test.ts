import test from 'ava';
import { FakeEngine } from '../../src/engine/fake/fake-engine.ts';
import { collect, engineContract, ensureOne, makeLab, throwsLabError } from './contract.ts';

const taught = new FakeEngine();
engineContract(test, { engine: taught, image: 'any', teach: (text, reply) => taught.when('*', (call) => call.text === text).runs(reply) });

test('a later answer goes before an earlier one, and what is not scripted succeeds', async (t) => {
  const engine = new FakeEngine();
  const lab = makeLab(t, engine);
  await ensureOne(engine, lab, 'edge-a1', 'any');
  engine.when(/^edge-/, /keadm/).answers({ stdout: 'joined\n' });
  engine.when('edge-a1', 'keadm join').fails(1, 'refused');
  t.like(await engine.exec(lab.lab, 'edge-a1', ['keadm', 'join']), { code: 1, stderr: 'refused' });
  t.like(await engine.exec(lab.lab, 'edge-a1', ['keadm', 'init']), { code: 0, stdout: 'joined\n' });
  t.like(await engine.exec(lab.lab, 'edge-a1', ['true']), { code: 0, stdout: '' });
  t.deepEqual(engine.commands('edge-a1'), ['keadm join', 'keadm init', 'true']);
});

test('answers in turn end with the last one', async (t) => {
  const engine = new FakeEngine();
  const lab = makeLab(t, engine);
  await ensureOne(engine, lab, 'node', 'any');
  engine.when('node', 'ready').answersInTurn([{ code: 1 }, { code: 0 }]);
  const codes = [];
  for (let i = 0; i < 3; i += 1) codes.push((await engine.exec(lab.lab, 'node', ['ready'])).code);
  t.deepEqual(codes, [1, 0, 0]);
});

test('commands that take time at once take the time of the longest', async (t) => {
  const engine = new FakeEngine();
  const lab = makeLab(t, engine);
  await ensureOne(engine, lab, 'node', 'any');
  engine.when('node', 'short').answers({ takes: 5 });
  engine.when('node', 'long').answers({ takes: 20 });
  const start = engine.clock.now();
  const ends = await Promise.all(
    ['short', 'long'].map(async (what) => (await engine.exec(lab.lab, 'node', [what]), engine.clock.now() - start)),
  );
  t.deepEqual(ends, [5000, 20000]);
});

test('the nth call can be made to fail, and one about a name', async (t) => {
  const engine = new FakeEngine();
  const lab = makeLab(t, engine);
  await engine.ensureNetwork(lab, { name: 'lan', title: '' });
  engine.failOn('ensureContainer', { nth: 2 });
  engine.failOn('ensureContainer', { name: 'c' });
  const ensure = (name: string) => engine.ensureContainer(lab, lab.spec(name), { image: 'any' });
  await ensure('a');
  await throwsLabError(t, ensure('b'), 'ENGINE001', /made to fail/);
  await ensure('b');
  await throwsLabError(t, ensure('c'), 'ENGINE001', /made to fail/);
});

test('a call can be made to hang until it is aborted', async (t) => {
  const engine = new FakeEngine();
  const lab = makeLab(t, engine);
  engine.hangOn('ensureNetwork');
  const stop = new AbortController();
  const hanging = engine.ensureNetwork(lab, { name: 'lan', title: '' }, stop.signal);
  stop.abort(new Error('enough'));
  await t.throwsAsync(hanging, { message: 'enough' });
  t.deepEqual(await engine.list(lab.lab), []);
});

test('files, logs and crashes can be looked at', async (t) => {
  const engine = new FakeEngine();
  const lab = makeLab(t, engine);
  await ensureOne(engine, lab, 'node', 'any');
  await engine.writeFiles(lab.lab, 'node', [{ path: '/etc/x', mode: 0o640, content: 'hello' }]);
  t.deepEqual(engine.file(lab.lab, 'node', '/etc/x'), { mode: 0o640, content: 'hello' });
  engine.log(lab.lab, 'node', 'one');
  engine.log(lab.lab, 'node', 'two');
  t.deepEqual(await collect(engine.logs(lab.lab, 'node', { tail: 1 })), ['two']);
  engine.crash(lab.lab, 'node');
  t.is((await engine.list(lab.lab))[0]?.state, 'exited');
});
