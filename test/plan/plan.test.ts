import test from 'ava';
import { testProp } from '@fast-check/ava';
import { topologicalOrder } from '../../src/lib/graph.ts';
import type { Plan } from '../../src/model/plan.ts';
import { explainPlan, hashPlan, makePlan } from '../../src/plan/plan.ts';
import { matchGolden } from '../lib/golden.ts';
import { anyLab, exampleLabs, few } from './labs.ts';

const planOf = (...[lab]: Parameters<typeof makePlan>): Plan => {
  const { plan, diagnostics } = makePlan(lab);
  if (!plan) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
};

for (const { name, lab } of exampleLabs) {
  test(`the plan of ${name} reads as it was reviewed`, (t) =>
    matchGolden(t, new URL(`goldens/${name}.txt`, import.meta.url), explainPlan(planOf(lab), lab)));
  test(`the plan of ${name} is as it was reviewed, to the last script`, (t) =>
    matchGolden(t, new URL(`goldens/${name}.json`, import.meta.url), `${JSON.stringify(planOf(lab), null, 2)}\n`));
}

const reverseKeys = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(reverseKeys)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, one]) => [key, reverseKeys(one)]),
        )
      : value;

testProp(
  'every need of a step exists and comes first',
  [anyLab],
  (t, lab) => {
    const { steps } = planOf(lab);
    const position = new Map(topologicalOrder(steps).map(({ id }, index) => [id, index]));
    t.is(position.size, steps.length);
    for (const { id, needs } of steps) for (const need of needs) t.true((position.get(need) ?? Infinity) < (position.get(id) ?? -1));
  },
  few,
);

testProp(
  'no two interfaces on a segment share an address',
  [anyLab],
  (t, lab) => {
    const { networks, containers } = planOf(lab);
    for (const { name } of networks) {
      const addresses = containers.flatMap(({ interfaces }) =>
        interfaces.filter(({ network }) => network === name).flatMap((one) => one.addresses),
      );
      t.is(new Set(addresses).size, addresses.length);
    }
  },
  few,
);

testProp(
  'the hash of a plan does not depend on the order of keys, but on every value',
  [anyLab],
  (t, lab) => {
    const plan = planOf(lab);
    t.is(hashPlan(reverseKeys(plan) as Plan), hashPlan(plan));
    t.is(hashPlan(planOf(structuredClone(lab))), hashPlan(plan));
    t.not(hashPlan({ ...plan, lab: `${plan.lab}-2` }), hashPlan(plan));
    t.regex(hashPlan(plan), /^[0-9a-f]{16}$/);
  },
  few,
);

testProp(
  'every container is made, wired, and but for the core proved to be online',
  [anyLab],
  (t, lab) => {
    const { containers, steps } = planOf(lab);
    const ids = new Set(steps.map(({ id }) => id));
    for (const { name, role } of containers)
      for (const id of [`container:${name}`, `link:${name}`, ...(role === 'core' ? [] : [`online:${name}`])]) t.true(ids.has(id), id);
  },
  few,
);

testProp(
  'what a proof of a NAT shows is not waited for by itself, and all else is',
  [anyLab],
  (t, lab) => {
    const measured = new Set(lab.sites.flatMap(({ lan, nodes: [node] }) => (lan && node ? [node.name] : [])));
    for (const { id, needs, shown } of planOf(lab).steps.filter((step) => step.id.startsWith('online:'))) {
      if (measured.has(id.replace('online:', ''))) t.true(shown, id);
      t.is(
        shown ?? false,
        needs.every((need) => /^nat6?:/.test(need)),
        id,
      );
    }
  },
  few,
);

testProp(
  'routers start at once, LAN nodes when theirs is wired, public nodes when all are, and a link waits for nothing but its own container',
  [anyLab],
  (t, lab) => {
    const routers = lab.sites.flatMap(({ lan }) => (lan ? [lan.router.name] : []));
    const waits = new Map(
      lab.sites.flatMap(({ lan, nodes }) =>
        nodes.map(({ name }) => [name, (lan ? [lan.router.name] : routers).map((router) => `link:${router}`)]),
      ),
    );
    for (const { id, needs, action } of planOf(lab).steps) {
      if (action.do === 'container') {
        t.deepEqual(
          needs.filter((need) => !need.startsWith('network:')),
          waits.get(action.container) ?? [],
        );
      }
      if (action.do === 'link') t.deepEqual(needs, [id.replace('link:', 'container:')]);
    }
  },
  few,
);

testProp(
  'no value of the lab stands in the text of a link script',
  [anyLab],
  (t, lab) => {
    const texts = planOf(lab).steps.flatMap(({ action }) => (action.do === 'link' ? [action.script.text] : []));
    t.true(new Set(texts).size <= 4);
    for (const text of texts) t.false(/45\.77\.|192\.168\./.test(text));
  },
  few,
);
