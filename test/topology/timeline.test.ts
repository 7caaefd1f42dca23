import test from 'ava';
import { readLab } from '../lib/read-lab.ts';
import { makePlan } from '../../src/plan/plan.ts';

const sites = `
name: timeline
sites:
  net: { nodes: { server: { role: host } } }
  lan-a: { subnet: 192.168.1.0/24, nat: port-restricted, nodes: { edge-a1: { role: host } } }
`;

test('faults are in the order of time, with what they are to do', (t) => {
  const { faults } = readLab(
    `${sites}faults:
  - { at: 1m, kill: edge-a1, for: 5s }
  - { at: 500ms, cut: lan-a, direction: up }
  - { at: 2s, partition: [lan-a], from: [net], for: 1s }
  - { at: 3s, link: lan-a, condition: { up: { loss: 20% } }, for: 1s }
  - { at: 4s, redial: lan-a, to: 45.77.0.99 }
  - { at: 5s, flap: server }
`,
    'lab.yaml',
  );
  t.deepEqual(faults, [
    { atMs: 500, fault: { kind: 'cut', where: 'lan-a', directions: 'up' } },
    { atMs: 2000, forMs: 1000, fault: { kind: 'partition', one: ['lan-a'], other: ['net'] } },
    { atMs: 3000, forMs: 1000, fault: { kind: 'link', where: 'lan-a', conditions: { up: { lossPercent: 20 }, down: {} } } },
    { atMs: 4000, fault: { kind: 'redial', site: 'lan-a', to: '45.77.0.99' } },
    { atMs: 5000, fault: { kind: 'flap', where: 'server', times: 3, periodMs: 2000 } },
    { atMs: 60_000, forMs: 5000, fault: { kind: 'kill', node: 'edge-a1' } },
  ]);
});

test('a timeline is no part of the plan: it can be changed while the lab is up', (t) => {
  const plan = (more: string) => makePlan(readLab(sites + more, 'lab.yaml')).plan;
  t.deepEqual(plan('faults: [{ at: 1s, dns: deaf }]\n'), plan(''));
});
