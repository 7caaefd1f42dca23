import { readFile, readdir } from 'node:fs/promises';
import test from 'ava';
import type { Engine } from '../../../src/engine/engine.ts';
import { LabError } from '../../../src/lib/lab-error.ts';
import { collect, engineContract, ensureOne, makeLab, throwsLabError } from '../../engine/contract.ts';
import { docker, withDocker } from './real-docker.ts';

await withDocker(test, (engine, image) => {
  engineContract(test, { engine, image });

  test('the engine tells what it is', async (t) => {
    const facts = await engine.facts();
    t.regex(facts.name, /^(Docker|Podman) \d+\.\d+/);
    t.true(facts.cpus > 0 && facts.memoryBytes > 2 ** 28);
    t.true(facts.name.endsWith(` ${facts.version}`));
  });

  test('a network is an L2 segment: no masquerade, no address of the host, not internal', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    const { ref } = (await engine.list(lab.lab)).find(({ kind }) => kind === 'network')!;
    const network = (JSON.parse(await docker('network', 'inspect', ref)) as [DockerNetwork])[0];
    t.like(network, { Driver: 'bridge', Internal: false, EnableIPv6: false });
    t.is(network.Options['com.docker.network.bridge.enable_ip_masquerade'], 'false');
    const gateway = network.IPAM.Config[0].Subnet.replace(/0\/24$/, '1');
    const ping = await engine.exec(lab.lab, 'node', ['ping', '-c1', '-W1', gateway]);
    t.not(ping.code, 0, 'the bridge answers: the host is on the segment');
  });

  test('two LANs with the same addresses do not see each other, and within each they do', async (t) => {
    const lab = makeLab(t, engine);
    const on = {
      a1: ['lan-a', '192.168.1.11'],
      a2: ['lan-a', '192.168.1.12'],
      b1: ['lan-b', '192.168.1.11'],
      b2: ['lan-b', '192.168.1.13'],
    } as const;
    await Promise.all(['lan-a', 'lan-b'].map((name) => engine.ensureNetwork(lab, { name, title: '' })));
    for (const [name, [network, address]] of Object.entries(on)) {
      const { dockerAddresses } = await engine.ensureContainer(lab, lab.spec(name, [network]), { image });
      const env = { DOCKER_ADDRESS: dockerAddresses[network]!, ADDRESS: `${address}/24` };
      t.is((await engine.exec(lab.lab, name, ['/bin/sh', '-ec', readdress], { env })).stderr, '');
    }
    const ping = async (from: string, to: string) => (await engine.exec(lab.lab, from, ['ping', '-c1', '-W1', to])).code === 0;
    t.true(await ping('a1', '192.168.1.12'));
    t.true(await ping('b1', '192.168.1.13'));
    t.false(await ping('a1', '192.168.1.13'));
    t.false(await ping('b1', '192.168.1.12'));
  });

  test('many networks created at once all get a carrier of their own', async (t) => {
    const labs = [makeLab(t, engine), makeLab(t, engine)];
    const made = labs.flatMap((lab) => ['a', 'b', 'c', 'd'].map((name) => engine.ensureNetwork(lab, { name, title: '' })));
    await t.notThrowsAsync(Promise.all(made));
    for (const { lab } of labs) t.is((await engine.list(lab)).length, 4);
  });

  test('a router routes and filters, and cannot change what is the kernel’s', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'router', image);
    const run = (script: string) => engine.exec(lab.lab, 'router', ['/bin/sh', '-ec', script]);
    t.is((await run('sysctl -qw net.ipv4.ip_forward=1 && cat /proc/sys/net/ipv4/ip_forward')).stdout, '1\n');
    t.is((await run('nft add table ip lab && nft list tables ip | grep lab')).stdout, 'table ip lab\n');
    // Each is written with the value it has, so that a failure of this test changes nothing on the host.
    for (const name of ['kernel/panic', 'vm/swappiness', 'fs/file-max']) {
      t.not((await run(`value=$(cat /proc/sys/${name}); echo "$value" > /proc/sys/${name}`)).code, 0, name);
    }
  });

  test('the log of a container is read to its end, and followed until an abort', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    await engine.exec(lab.lab, 'node', ['/bin/sh', '-c', 'for word in one two three; do echo "$word é"; done > /proc/1/fd/1']);
    t.deepEqual(await collect(engine.logs(lab.lab, 'node')), ['one é', 'two é', 'three é']);
    t.deepEqual(await collect(engine.logs(lab.lab, 'node', { tail: 1 })), ['three é']);
    const stop = new AbortController();
    const reason = new LabError('INT001', 'stopped by the test');
    const seen: string[] = [];
    const following = async () => {
      for await (const line of engine.logs(lab.lab, 'node', { follow: true, signal: stop.signal })) {
        seen.push(line);
        if (seen.length === 3) stop.abort(reason);
      }
    };
    t.is(await t.throwsAsync(following()), reason);
    t.is(seen.length, 3);
  });

  for (const script of ['sleep 61234', 'trap "" TERM; sleep 61234 & sleep 61234', 'setsid sleep 61234 & sleep 61234']) {
    test(`nothing of a command is left in the container after its time (${script})`, async (t) => {
      const lab = makeLab(t, engine);
      await ensureOne(engine, lab, 'node', image);
      t.true((await engine.exec(lab.lab, 'node', ['/bin/sh', '-c', script], { timeoutSeconds: 0.3 })).timedOut);
      t.is(await countProcesses(engine, lab.lab), 0);
      const begun = performance.now();
      const aborted = engine.exec(lab.lab, 'node', ['/bin/sh', '-c', script], { signal: AbortSignal.timeout(5) });
      await t.throwsAsync(aborted, { name: 'TimeoutError' });
      t.true(performance.now() - begun < 6000);
      t.is(await countProcesses(engine, lab.lab), 0);
    });
  }

  test('a command in a container that is removed meanwhile ends with an error or a code, never hangs', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    const running = engine.exec(lab.lab, 'node', ['/bin/sh', '-c', 'echo begun; sleep 600'], { onLine: () => void engine.remove(lab.lab) });
    const result = await running.catch((error: unknown) => error);
    t.true(result instanceof LabError ? result.code === 'ENGINE001' : (result as { code: number }).code !== 0);
  });

  test('a shell that stays runs one command after another, and is one of several where several run at once', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    const parent = async (script = '') => (await engine.exec(lab.lab, 'node', ['/bin/sh', '-c', `${script} echo $PPID`])).stdout;
    const first = await parent();
    t.is(await parent('cd /tmp; export LEFT=over; exec 2>&-;'), first);
    const [one, other] = await Promise.all([parent('sleep 0.2;'), parent('sleep 0.2;')]);
    t.not(one, other);
  });

  test('after others have killed, started and frozen a container its commands do as those of any', async (t) => {
    const lab = makeLab(t, engine);
    const { ref } = await ensureOne(engine, lab, 'node', image);
    const run = () => engine.exec(lab.lab, 'node', ['echo', 'here'], { timeoutSeconds: 5 });
    await run();
    await docker('kill', ref);
    await throwsLabError(t, run(), 'ENGINE001', /not running|exited/);
    await docker('start', ref);
    t.is((await run()).stdout, 'here\n');
    await engine.power(lab.lab, 'node', 'pause');
    await throwsLabError(t, run(), 'ENGINE001', /paused/);
    await engine.power(lab.lab, 'node', 'unpause');
    t.is((await run()).stdout, 'here\n');
  });

  test('files that Docker mounts over are written too', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    await engine.writeFiles(lab.lab, 'node', [{ path: '/etc/hosts', mode: 0o644, content: 'short\n' }]);
    t.is((await engine.exec(lab.lab, 'node', ['cat', '/etc/hosts'])).stdout, 'short\n');
  });

  test('files that cannot be written say why', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'node', image);
    const error = await throwsLabError(
      t,
      engine.writeFiles(lab.lab, 'node', [{ path: '/proc/nowhere/x', mode: 0o644, content: '' }]),
      'ENGINE001',
      /files/,
    );
    t.regex(error.details.outputTail ?? '', /nowhere/);
  });

  test('an image that is not there is ENGINE001 with its name, and nothing is left', async (t) => {
    const lab = makeLab(t, engine);
    await engine.ensureNetwork(lab, { name: 'lan', title: '' });
    await throwsLabError(
      t,
      engine.ensureContainer(lab, lab.spec('node'), { image: 'edgelab/no-such-image:none' }),
      'ENGINE001',
      /no-such-image/,
    );
    t.is((await engine.list(lab.lab)).length, 1);
  });

  test('a container that an interrupted up only created is completed and started', async (t) => {
    const lab = makeLab(t, engine);
    await engine.ensureNetwork(lab, { name: 'internet', title: '' });
    const { ref } = await ensureOne(engine, lab, 'node', image);
    const labels = ['lab', 'kind', 'name', 'plan', 'topology', 'role'].flatMap((key) => [
      '--label',
      `edgelab.${key}=${labelValue(lab, key)}`,
    ]);
    const [{ NetworkSettings: settings }] = JSON.parse(await docker('inspect', ref)) as [DockerContainer];
    const [{ NetworkID: lan }] = Object.values(settings.Networks) as [{ NetworkID: string }];
    await docker('create', '--network', lan, ...labels, image);
    const spec = lab.spec('half', ['lan', 'internet']);
    const running = await engine.ensureContainer(lab, spec, { image });
    t.deepEqual(Object.keys(running.dockerAddresses).sort(), ['internet', 'lan']);
    t.deepEqual(await engine.ensureContainer(lab, spec, { image }), running);
  });

  test('a container whose interfaces have other names than Docker gave them tells its memory too', async (t) => {
    const lab = makeLab(t, engine);
    await ensureOne(engine, lab, 'router', image);
    const { code } = await engine.exec(lab.lab, 'router', ['sh', '-c', 'ip link set eth0 down && ip link set eth0 name lan0']);
    t.is(code, 0);
    const memory = await engine.memory(lab.lab, 'router');
    t.true(memory > 50_000 && memory < 50_000_000, String(memory));
  });

  test('a removed lab leaves no bridge, no mount and no volume on the host', async (t) => {
    const lab = makeLab(t, engine);
    await engine.ensureNetwork(lab, { name: 'lan', title: '' });
    const { ref } = await engine.ensureContainer(lab, lab.spec('node', ['lan'], { privilege: 'node' }), { image });
    const owned = await engine.list(lab.lab);
    t.is(owned.filter(({ kind }) => kind === 'volume').length, 1);
    t.deepEqual(await engine.remove(lab.lab), { containers: 1, networks: 1, volumes: 1 });
    const mounts = await readFile('/proc/self/mountinfo', 'utf8');
    const interfaces = await readdir('/sys/class/net');
    for (const { ref: id } of owned) {
      t.false(mounts.includes(id));
      t.false(interfaces.includes(`br-${id.slice(0, 12)}`));
    }
    t.is(await docker('ps', '-aq', '--no-trunc', '--filter', `id=${ref}`), '');
    t.is(await docker('volume', 'ls', '-q', '--filter', `label=edgelab.lab=${lab.lab}`), '');
  });
});

type DockerNetwork = {
  Driver: string;
  Internal: boolean;
  EnableIPv6: boolean;
  Options: Record<string, string>;
  IPAM: { Config: [{ Subnet: string }] };
};

type DockerContainer = { NetworkSettings: { Networks: Record<string, { NetworkID: string }> } };

/** Finds the interface by Docker's address and gives it the lab's, as the `link` step does. */
const readdress = `
  device=$(ip -o -4 addr show | awk -v own="$DOCKER_ADDRESS/" 'index($4, own) == 1 { print $2 }')
  ip addr flush dev "$device"
  ip addr add "$ADDRESS" dev "$device"`;

/** How many processes of the test's commands run: those with its odd number of seconds, which the search itself avoids to name. */
async function countProcesses(engine: Engine, lab: string): Promise<number> {
  const { stdout } = await engine.exec(lab, 'node', ['/bin/sh', '-c', "grep -lszE '6123[4]' /proc/[0-9]*/cmdline | wc -l"]);
  return Number(stdout);
}

function labelValue(lab: { lab: string; planHash: string; topology: string }, key: string): string {
  const values: Record<string, string> = {
    lab: lab.lab,
    kind: 'container',
    name: 'half',
    plan: lab.planHash,
    topology: lab.topology,
    role: 'host',
  };
  return values[key] ?? '';
}
