import test from 'ava';
import type { Plan, Step } from '../../src/model/plan.ts';
import { checkPlan } from '../../src/plan/plan.ts';

const step = (id: string, change: Partial<Step> = {}): Step => ({
  id,
  title: id,
  phase: 'network',
  needs: [],
  action: { do: 'exec', container: 'a', script: { text: 'true' } },
  timeoutSeconds: 1,
  ...change,
});

const container = (name: string, address: string, network = 'internet'): Plan['containers'][number] => ({
  name,
  image: 'router',
  hostname: name,
  privilege: 'router',
  interfaces: [{ network, name: 'eth0', addresses: [address] }],
  store: false,
  role: 'host',
});

const plan = (change: Partial<Plan>): Plan => ({
  lab: 'test',
  networks: [{ name: 'internet', title: 'internet' }],
  containers: [container('a', '45.77.0.10/24')],
  phases: [{ id: 'network', title: 'network' }],
  steps: [],
  images: { containers: ['router'], store: [], external: [], versions: {} },
  facts: { dns: '45.77.0.1' },
  ...change,
});

const uses = (capture: string): Step['action'] => ({ do: 'exec', container: 'a', script: { text: 'true', env: { X: { capture } } } });

/** title, what is wrong with the plan, the diagnostics as `CODE message`. */
const cases: [string, Partial<Plan>, string[]][] = [
  ['a plan without breaches gives nothing', { steps: [step('one'), step('two', { needs: ['one'] })] }, []],
  ['two steps of one id', { steps: [step('one'), step('one')] }, ['PLAN001 two steps of the plan are called "one"']],
  [
    'two containers of one name',
    { containers: [container('a', '45.77.0.10/24'), container('a', '45.77.0.11/24')] },
    ['PLAN001 two containers of the plan are called "a"'],
  ],
  [
    'a need that is not there',
    { steps: [step('one', { needs: ['none'] })] },
    ['PLAN002 step "one" needs "none", which is not in the plan'],
  ],
  [
    'a container that is not there',
    { steps: [step('one', { action: { do: 'container', container: 'b' } })] },
    ['PLAN002 step "one" names the container "b", which the plan does not have'],
  ],
  [
    'a segment that is not there',
    { containers: [container('a', '45.77.0.10/24', 'lan')] },
    ['PLAN002 container "a" names the segment "lan", which the plan does not have'],
  ],
  [
    'a phase that is not there',
    { steps: [step('one', { phase: 'late' })] },
    ['PLAN002 step "one" names the phase "late", which the plan does not have'],
  ],
  [
    'a cure of a node and after a step that are not there',
    { cures: [{ container: 'b', after: 'none', script: { text: 'true', env: {} } }] },
    [
      'PLAN002 a cure waits for "none", which is not in the plan',
      'PLAN002 the cure after "none" names the container "b", which the plan does not have',
    ],
  ],
  [
    'steps in a circle',
    { steps: [step('one', { needs: ['two'] }), step('two', { needs: ['one'] })] },
    ['PLAN003 steps of the plan need each other: "one" needs "two" needs "one"'],
  ],
  ['a capture nobody keeps', { steps: [step('one', { action: uses('token') })] }, ['PLAN004 step "one" uses "token", which no step keeps']],
  [
    'a capture used without waiting for it',
    { steps: [step('one', { capture: { name: 'token', secret: true } }), step('two', { action: uses('token') })] },
    ['PLAN004 step "two" uses "token" but does not wait for "one", which keeps it'],
  ],
  [
    'a capture kept far before it is used',
    {
      steps: [
        step('one', { capture: { name: 'token', secret: true } }),
        step('two', { needs: ['one'] }),
        step('three', { needs: ['two'], action: uses('token') }),
      ],
    },
    [],
  ],
  [
    'two interfaces of one address on a segment',
    { containers: [container('a', '45.77.0.10/24'), container('b', '45.77.0.10/24')] },
    ['PLAN005 two interfaces on segment "internet" have the address "45.77.0.10"'],
  ],
  [
    'one address on two segments',
    {
      networks: ['internet', 'lan'].map((name) => ({ name, title: name })),
      containers: [container('a', '192.168.1.1/24'), container('b', '192.168.1.1/24', 'lan')],
    },
    [],
  ],
];

for (const [title, change, expected] of cases)
  test(title, (t) => {
    const found = checkPlan(plan(change));
    t.deepEqual(
      found.map(({ code, message }) => `${code} ${message}`),
      expected,
    );
    t.true(found.every(({ severity }) => severity === 'error'));
  });

test('all breaches are reported at once', (t) => {
  const steps = [step('one', { needs: ['none'] }), step('one', { phase: 'late', action: uses('token') })];
  t.deepEqual(
    checkPlan(plan({ steps })).map(({ code }) => code),
    ['PLAN001', 'PLAN002', 'PLAN002', 'PLAN004'],
  );
});
