import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Engine } from '../../../src/engine/engine.ts';
import type { LabError } from '../../../src/lib/lab-error.ts';
import type { LabEvent } from '../../../src/model/event.ts';
import type { Plan, Step } from '../../../src/model/plan.ts';
import { down, status, up } from '../../../src/run/run.ts';
import { withDocker } from '../engine/real-docker.ts';

const names = ['left', 'right'];

const onLeft = (id: string, text: string, change: Partial<Step> = {}): Step => ({
  id,
  title: id,
  phase: 'all',
  needs: names.map((name) => `link:${name}`),
  action: { do: 'exec', container: 'left', script: { text } },
  timeoutSeconds: 20,
  ...change,
});

/** Two containers on one wire, named and addressed by a link script, and further steps. */
const planOf = (lab: string, ...steps: Step[]): Plan => {
  const address = (name: string): string => `10.9.0.${names.indexOf(name) + 1}/24`;
  const script =
    'dev=$(ip -o -4 addr show to "$EDGELAB_IF_eth0" | awk \'{ print $2 }\')\nip link set "$dev" down; ip addr flush dev "$dev"\n' +
    '[ "$dev" = eth0 ] || ip link set "$dev" name eth0\nip addr add "$ADDRESS" dev eth0; ip link set eth0 up';
  return {
    lab,
    networks: [{ name: 'wire', title: 'wire' }],
    containers: names.map((name) => ({
      ...{ name, image: 'router', hostname: name, privilege: 'router', store: false, role: 'router' },
      interfaces: [{ network: 'wire', name: 'eth0', addresses: [address(name)] }],
    })),
    phases: [{ id: 'all', title: 'everything' }],
    steps: [
      { id: 'network:wire', title: 'wire', phase: 'all', needs: [], action: { do: 'network', network: 'wire' }, timeoutSeconds: 20 },
      ...names.flatMap((name): Step[] => [
        {
          ...{ id: `container:${name}`, title: name, phase: 'all', needs: ['network:wire'], timeoutSeconds: 20 },
          action: { do: 'container', container: name },
        },
        {
          ...{ id: `link:${name}`, title: `wire ${name}`, phase: 'all', needs: [`container:${name}`], timeoutSeconds: 20 },
          action: { do: 'link', container: name, files: [], script: { text: script, env: { ADDRESS: address(name) } } },
        },
      ]),
      ...steps,
    ],
    images: { containers: ['router'], store: [], external: [], versions: {} },
    facts: { dns: '10.9.0.1' },
  };
};

const answers = onLeft('right answers', 'ping -c 1 -W 2 10.9.0.2', { verifies: true });

await withDocker(test, (engine, image) => {
  const bringUp = async (t: ExecutionContext, plan: Plan, signal = new AbortController().signal) => {
    const runsDirectory = await mkdtemp(join(tmpdir(), 'edgelab-run-'));
    t.teardown(() => rm(runsDirectory, { recursive: true }));
    const events: LabEvent[] = [];
    const lab = {
      name: plan.lab,
      internet: { subnet: '10.9.0.0/24', core: { name: 'left', address: '10.9.0.1', otherAddress: '192.0.2.1' } },
    };
    const running = up({
      ...{ plan, engine, signal, now: Date.now, runsDirectory, topologyFile: '/run.yaml', emit: (event: LabEvent) => events.push(event) },
      lab: { ...lab, sites: [], install: {}, workloads: [] },
      images: { refs: new Map([['router', image]]) },
    });
    return { runsDirectory, events, running };
  };

  test('a lab comes up, is found alive the second time, and goes away', async (t) => {
    const lab = 'run-it-alive';
    t.teardown(() => clear(engine, lab));
    const plan = planOf(lab, answers);
    const first = await bringUp(t, plan);
    t.false((await first.running).reused);
    const second = await bringUp(t, plan);
    const { reused, seconds } = await second.running;
    t.true(reused);
    t.log(`found alive in ${seconds} s`);
    t.deepEqual(
      (await status(engine, lab)).map(({ name, addresses }) => [name, addresses]),
      [
        ['left', ['eth0 10.9.0.1/24']],
        ['right', ['eth0 10.9.0.2/24']],
      ],
    );
    const removed = await clear(engine, lab);
    t.like(removed, { containers: 2, networks: 1 });
    t.deepEqual(await engine.list(lab), []);
  });

  test('a wait that misses its deadline explains itself, keeps evidence without secrets, and leaves nothing', async (t) => {
    const lab = 'run-it-late';
    t.teardown(() => clear(engine, lab));
    const secret = onLeft('secret', 'echo hunter$((2000 + 22))', { capture: { name: 'secret', secret: true } });
    const script = { text: 'while :; do echo "still waiting with $SECRET"; sleep 0.2; done', env: { SECRET: { capture: 'secret' } } };
    const late = onLeft('late', '', { needs: ['secret'], timeoutSeconds: 2, action: { do: 'wait', container: 'left', script } });
    const { running, runsDirectory, events } = await bringUp(t, planOf(lab, secret, late));
    const error = await t.throwsAsync<LabError>(running, { code: 'UP002' });
    t.is(error.details.lastObservation, 'still waiting with •••');
    t.is(error.details.left, 'nothing');
    const [bundle] = await readdir(runsDirectory);
    t.regex(await readFile(join(runsDirectory, bundle!, 'right', 'network.txt'), 'utf8'), /inet 10\.9\.0\.2\/24/);
    t.notRegex(JSON.stringify(events), /hunter2022/);
    t.deepEqual(await engine.list(lab), []);
  });

  test('an abort half-way ends what runs in the containers and removes them', async (t) => {
    const lab = 'run-it-abort';
    t.teardown(() => clear(engine, lab));
    const controller = new AbortController();
    const { running, events } = await bringUp(t, planOf(lab, onLeft('endless', 'echo begun; sleep 1000')), controller.signal);
    const begun = setInterval(() => {
      if (events.some((event) => event.type === 'step-output' && event.line === 'begun')) controller.abort();
    }, 50);
    t.teardown(() => clearInterval(begun));
    const error = await t.throwsAsync<LabError>(running, { code: 'INT001' });
    t.is(error.details.left, 'nothing');
    t.deepEqual(await engine.list(lab), []);
  });
});

const clear = (engine: Engine, lab: string) => down({ lab, engine, emit: () => undefined, now: Date.now });
