/** A small lab for tests: one segment, a router and two nodes, and helpers to give it the steps a test is about. */
import { FakeEngine } from '../../src/engine/fake/fake-engine.ts';
import type { LabEvent } from '../../src/model/event.ts';
import type { ImageBinding } from '../../src/model/image.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { ContainerSpec, Plan, Step } from '../../src/model/plan.ts';

export const lab: Lab = {
  name: 'small',
  internet: { subnet: '45.77.0.0/24', core: { name: 'internet-core', address: '45.77.0.1', otherAddress: '192.0.2.1' } },
  sites: [],
  install: {},
  workloads: [],
};

export const images: ImageBinding = {
  refs: new Map([
    ['node', 'edgelab/node:1'],
    ['router', 'edgelab/router:1'],
  ]),
  storeVolume: 'store',
};

const container = (name: string, privilege: 'router' | 'node', role: string): ContainerSpec => ({
  name,
  image: privilege,
  hostname: name,
  privilege,
  interfaces: [{ network: 'internet', name: 'eth0', addresses: ['45.77.0.9/24'] }],
  store: privilege === 'node',
  role,
});

export const containers = [
  container('lan-router', 'router', 'router'),
  container('cloud', 'node', 'control-plane'),
  container('edge-1', 'node', 'edge'),
];

export const step = (id: string, change: Partial<Step> = {}): Step => ({
  id,
  title: `do ${id}`,
  phase: 'install',
  needs: [],
  action: { do: 'exec', container: 'cloud', script: { text: `run ${id}` } },
  timeoutSeconds: 60,
  ...change,
});

/** Steps that make the segment and start all containers; other steps may need `container:<name>`. */
export const groundwork: Step[] = [
  step('network:internet', { action: { do: 'network', network: 'internet' }, phase: 'ground' }),
  ...containers.map(({ name }) =>
    step(`container:${name}`, { action: { do: 'container', container: name }, phase: 'ground', needs: ['network:internet'] }),
  ),
];
export const grounded = groundwork.map(({ id }) => id);

export const planOf = (...steps: Step[]): Plan => ({
  lab: 'small',
  networks: [{ name: 'internet', title: 'internet' }],
  containers,
  phases: [
    { id: 'ground', title: 'networks and containers' },
    { id: 'install', title: 'installation' },
  ],
  steps: [...groundwork, ...steps],
  images: { containers: ['node', 'router'], store: [], external: [], versions: {} },
  facts: { kubectl: 'cloud', dns: '45.77.0.1' },
});

/** A wait that proves the lab is up. */
export const verifies = (id: string): Step =>
  step(id, { needs: grounded, verifies: true, action: { do: 'wait', container: 'cloud', script: { text: `wait ${id}` } } });

export const record = (): { events: LabEvent[]; emit: (event: LabEvent) => void } => {
  const events: LabEvent[] = [];
  return { events, emit: (event) => events.push(event) };
};

export const makeEngine = (): FakeEngine => new FakeEngine();
