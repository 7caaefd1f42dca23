import test from 'ava';
import { swapRouters, up } from '../../src/run/run.ts';
import type { FakeEngine } from '../../src/engine/fake/fake-engine.ts';
import { grounded, images, lab, makeEngine, planOf, record, step, verifies } from './small-lab.ts';

const plan = planOf(
  step('link:lan-router', { needs: grounded, action: { do: 'link', container: 'lan-router', script: { text: 'wire it' }, files: [] } }),
  step('nat:lan', { needs: grounded, proves: 'lan symmetric', action: { do: 'exec', container: 'cloud', script: { text: 'prove it' } } }),
  { ...verifies('tunnel'), mend: { text: 'mend tunnel' } },
);

const signal = new AbortController().signal;

const bringUp = async (): Promise<FakeEngine> => {
  const engine = makeEngine();
  const { emit } = record();
  await up({ lab, plan, topologyFile: '/t.yaml', engine, images, emit, signal, now: engine.clock.now, runsDirectory: '/nowhere' });
  return engine;
};

test('routers are wired and measured anew, and what ran before is well again without a cure', async (t) => {
  const engine = await bringUp();
  t.deepEqual(await swapRouters({ engine, plan, signal }), { why: undefined, mended: [] });
  const count = (container: string, text: string): number => engine.commands(container).filter((one) => one.includes(text)).length;
  t.is(count('lan-router', 'wire it'), 2);
  t.is(count('cloud', 'prove it'), 2);
});

test('a cure is run beside the waits, and what it did is told', async (t) => {
  const engine = await bringUp();
  engine.when('cloud', 'mend tunnel').answers({ stdout: 'the tunnel was made anew\n' });
  t.deepEqual(await swapRouters({ engine, plan, signal }), { why: undefined, mended: ['the tunnel was made anew'] });
});

test('what is not well in the end is told, and is no error: a tunnel may never get through', async (t) => {
  const engine = await bringUp();
  engine.when('cloud', 'wait tunnel').answers({ code: 1, stdout: 'nothing comes back\n' });
  t.deepEqual(await swapRouters({ engine, plan, signal }), { why: 'not well: do tunnel: nothing comes back', mended: [] });
});
