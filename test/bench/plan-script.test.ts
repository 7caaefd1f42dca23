import { readFile } from 'node:fs/promises';
import test from 'ava';
import { execa } from 'execa';
import { planToScript } from '../../src/bench/bench.ts';
import type { Plan } from '../../src/model/plan.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { readTopology } from '../../src/topology/topology.ts';

const planOf = async (name: string): Promise<Plan> => {
  const file = `topologies/${name}.yaml`;
  const { lab } = readTopology(await readFile(file, 'utf8'), file);
  const { plan } = makePlan(lab!);
  return plan!;
};

const scriptOf = (plan: Plan): string =>
  planToScript(plan, { refs: new Map([['node', 'edgelab/node:1']]), storeVolume: 'edgelab-store-1' }, 'trial');

for (const name of ['two-lans', 'two-lans-bare', 'hosts-only'])
  test(`the bare script of ${name} is legal POSIX shell`, async (t) => {
    const { exitCode, stderr } = await execa('sh', ['-n'], { input: scriptOf(await planOf(name)), reject: false });
    t.is(exitCode, 0, stderr);
  });

test('the bare script has every step of the plan, each after what it needs', async (t) => {
  const plan = await planOf('two-lans');
  const script = scriptOf(plan);
  const at = (id: string): number => script.indexOf(`\n# ${plan.steps.find((step) => step.id === id)!.title}\n`);
  for (const { id, needs } of plan.steps) {
    t.true(at(id) > 0, `${id} is missing`);
    for (const need of needs) t.true(at(need) < at(id), `${need} comes after ${id}`);
  }
});

test('a captured value is kept in a variable and handed on by name, not by text', async (t) => {
  const script = scriptOf(await planOf('two-lans'));
  t.regex(script, /^capture_kubeedge_token="\$\(docker exec /m);
  t.regex(script, /-e TOKEN="\$capture_kubeedge_token"/);
});

test('a proof comes after every step that does something, whatever it needs', async (t) => {
  const plan = await planOf('two-lans');
  const script = scriptOf(plan);
  const at = (id: string): number => script.indexOf(`\n# ${plan.steps.find((step) => step.id === id)!.title}\n`);
  for (const id of ['kubeedge:join:edge-b1', 'flannel:cni:edge-b1']) t.true(at(id) < at('kubernetes:ready'), `${id} comes too late`);
});
