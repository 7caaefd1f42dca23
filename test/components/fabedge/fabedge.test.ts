import test from 'ava';
import { components } from '../../../src/components/registry.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { readTopology } from '../../../src/topology/topology.ts';

const read = (fabedge: string): Lab => {
  const text = `name: small
sites:
  cloud: { nodes: { cloud: { role: control-plane }, gateway: { role: worker } } }
  lan-a: { subnet: 192.168.1.0/24, nat: symmetric, nodes: { edge-a1: { role: edge }, edge-a2: { role: edge } } }
install: { kubernetes: 1.32.5, flannel: { on: [cloud] }, kubeedge: 1.23.1, fabedge: ${fabedge} }
`;
  const { lab, diagnostics } = readTopology(text, 'small.yaml');
  if (!lab) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return lab;
};

const stepsOf = (lab: Lab) => new Map(makePlan(lab).plan?.steps.map((step) => [step.id, step]));
const scriptOf = (lab: Lab, id: string): string => {
  const action = stepsOf(lab).get(id)?.action;
  return action !== undefined && 'script' in action ? `${action.script.text}\n${action.script.stdin ?? ''}` : '';
};

test('without a word on it the tunnels end at the control plane', (t) => {
  t.is(read('1.0.0').install.fabedge?.connector, 'cloud');
  t.is(read('{ connector: gateway }').install.fabedge?.connector, 'gateway');
});

test("edges find the connector at its node's address, and ask their own agent for names", (t) => {
  const lab = read('{ connector: gateway }');
  t.regex(scriptOf(lab, 'fabedge:operator'), /--connector-public-addresses=45\.77\.0\.11"/);
  t.regex(scriptOf(lab, 'kubeedge:join:edge-a1'), /clusterDNS=\{169\.254\.25\.10\}/);
});

test('FabEdge alone is the network of the edges', (t) => {
  const steps = stepsOf(read('1.0.0'));
  t.false([...steps.keys()].some((id) => id.startsWith('bridge-cni:') || id === 'flannel:cni:edge-a1'));
  t.true(steps.has('workloads:served:edge-a1') || read('1.0.0').workloads.length === 0);
});

test('secrets come before the operator, and the connector is there before it is told of every end', (t) => {
  const steps = stepsOf(read('{ connector: gateway }'));
  t.deepEqual(steps.get('fabedge:definitions')?.needs, ['fabedge:secrets']);
  t.true(steps.get('fabedge:operator')?.needs.includes('kubernetes:join:gateway'));
  t.deepEqual(steps.get('fabedge:connector')?.needs, ['fabedge:operator']);
  t.deepEqual(steps.get('fabedge:endpoints')?.needs, ['fabedge:connector']);
});

test('agents and tunnels prove that the lab is up', (t) => {
  const steps = stepsOf(read('1.0.0'));
  t.true(steps.get('fabedge:agents')?.verifies);
  for (const node of ['edge-a1', 'edge-a2']) t.true(steps.get(`fabedge:tunnel:${node}`)?.verifies);
});

test('keys are made in the lab and not kept: no step of FabEdge captures anything', (t) => {
  for (const [id, step] of stepsOf(read('1.0.0'))) if (id.startsWith('fabedge:')) t.is(step.capture, undefined, id);
  t.notRegex(scriptOf(read('1.0.0'), 'fabedge:secrets'), /BEGIN|cat .*key/);
});

test('Communities name their members as FabEdge names ends of tunnels', (t) => {
  const script = scriptOf(read('{ communities: { all-edges: [edge-a1, edge-a2] } }'), 'fabedge:definitions');
  t.regex(script, /"small\.edge-a1",\s+"small\.edge-a2"/);
});

test('its images are stored only for labs that install it', (t) => {
  const fabedge = components.find(({ kind }) => kind === 'fabedge');
  t.true(fabedge?.wanted(read('1.0.0')));
  const { install, ...rest } = read('1.0.0');
  const { fabedge: _, ...others } = install;
  t.false(fabedge?.wanted({ ...rest, install: others }));
});
