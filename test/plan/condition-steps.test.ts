import test from 'ava';
import { makePlan } from '../../src/plan/plan.ts';
import { readTopology } from '../../src/topology/topology.ts';

const plan = (text: string) => {
  const { lab, diagnostics } = readTopology(text, 'lab.yaml');
  if (!lab) throw new Error(JSON.stringify(diagnostics));
  return makePlan(lab).plan!;
};

const conditionsOf = (text: string) =>
  plan(text).steps.flatMap(({ id, action }) => (action.do === 'condition' ? [{ id, place: action.place, ...action.conditions }] : []));

test("a site's link is its router's way out, a node's its own wire, both ways unless one is named", (t) => {
  const text = `
name: lab
sites:
  home:
    subnet: 192.168.1.0/24
    nat: masquerade
    link: { delay: 15ms, down: { rate: 50mbit } }
    nodes:
      laptop: { role: host, link: { loss: 1%, direction: up } }
      phone: { role: host }
`;
  t.deepEqual(conditionsOf(text), [
    {
      id: 'condition:home-router',
      place: { container: 'home-router', device: 'wan0', inner: 'lan0' },
      up: { delayMs: 15 },
      down: { delayMs: 15, rateKbit: 50_000 },
    },
    { id: 'condition:laptop', place: { container: 'laptop', device: 'eth0' }, up: { lossPercent: 1 }, down: {} },
  ]);
});

test('the link of a site without a LAN is one of each of its nodes that has none of its own', (t) => {
  const text = `
name: lab
sites:
  net:
    link: satellite
    nodes: { one: { role: host }, two: { role: host, link: { mtu: 1400 } } }
`;
  const [one, two] = conditionsOf(text);
  t.like(one, { id: 'condition:one', up: { delayMs: 300, rateKbit: 3000 } });
  t.like(two, { id: 'condition:two', up: { mtu: 1400 }, down: { mtu: 1400 } });
});

test('conditions come after everything that is measured at up', (t) => {
  const { steps } = plan(`
name: lab
sites:
  home: { subnet: 192.168.1.0/24, nat: symmetric, link: 4g, nodes: { laptop: { role: host } } }
`);
  const needs = steps.find(({ id }) => id === 'condition:home-router')?.needs ?? [];
  t.true(needs.includes('link:home-router'));
  for (const { id } of steps.filter(({ id: one }) => /^(online|nat):/.test(one))) t.true(needs.includes(id), id);
});
