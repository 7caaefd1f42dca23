import test from 'ava';
import { status } from '../../src/run/run.ts';
import { containers, makeEngine } from './small-lab.ts';

const owner = { lab: 'small', planHash: 'h', topology: '/t.yaml' };

test('each container is shown with its lab addresses, memory and start', async (t) => {
  const engine = makeEngine();
  await engine.ensureNetwork(owner, { name: 'internet', title: 'internet' });
  for (const spec of containers) await engine.ensureContainer(owner, { ...spec, site: 'lan-a' }, { image: 'i' });
  engine.when('lan-router', 'ip').answers({
    stdout:
      '2: net0    inet 45.77.0.1/24 scope global net0\n3: wan0    inet 45.77.0.3/24 brd 45.77.0.255 scope global wan0\\       valid_lft forever\n4: lan0    inet 192.168.1.1/24 scope global lan0\n',
  });
  engine.when('cloud', 'ip').answers({
    stdout:
      '2: eth0    inet 45.77.0.10/24 scope global eth0\n5: flannel.1    inet 10.244.0.0/32 scope global flannel.1\n6: cni0    inet 10.244.0.1/24 scope global cni0\n',
  });
  await engine.power('small', 'edge-1', 'stop');
  const rows = await status(engine, 'small');
  t.deepEqual(
    rows.map(({ name, state, addresses }) => [name, state, addresses]),
    [
      ['lan-router', 'running', ['net0 45.77.0.1/24', 'wan0 45.77.0.3/24', 'lan0 192.168.1.1/24']],
      ['cloud', 'running', ['eth0 45.77.0.10/24']],
      ['edge-1', 'exited', []],
    ],
  );
  t.like(rows[1], { role: 'control-plane', site: 'lan-a', memoryBytes: 100 * 1024 ** 2, startedAt: engine.clock.now() });
  t.is(rows[2]!.memoryBytes, undefined);
});

test('what cannot be asked is left out', async (t) => {
  const engine = makeEngine();
  await engine.ensureNetwork(owner, { name: 'internet', title: 'internet' });
  await engine.ensureContainer(owner, containers[0]!, { image: 'i' });
  engine.failOn('exec');
  engine.failOn('memory');
  t.deepEqual(await status(engine, 'small'), [
    { name: 'lan-router', role: 'router', state: 'running', addresses: [], startedAt: engine.clock.now() },
  ]);
});
