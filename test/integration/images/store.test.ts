import type { ExecutionContext } from 'ava';
import test from 'ava';
import { runDocker, tryDocker } from '../../../src/host/docker-cli.ts';
import { ensureImages, ensureStore } from '../../../src/images/images.ts';
import { until } from '../../../src/lib/until.ts';
import { clock, makeScratch } from './fixtures.ts';

const agnhost = 'docker.io/edgelab/agnhost:v1.32.5';

type Node = {
  run: (...argv: string[]) => Promise<string>;
  /** `ctr` in the namespace of Kubernetes. */
  ctr: (...argv: string[]) => Promise<string>;
};

/** A node as labs run them, with the store read-only, its containerd ready. */
const startNode = async (t: ExecutionContext, image: string, store: string): Promise<Node> => {
  const options = ['--cap-add=ALL', '--cap-drop=SYS_RESOURCE', '--security-opt=seccomp=unconfined', '--security-opt=apparmor=unconfined'];
  const mounts = ['--tmpfs=/run', '--tmpfs=/tmp', '--volume=/var', `--volume=${store}:/var/lib/edgelab/store:ro`];
  const more = ['--security-opt=systempaths=unconfined', '--device-cgroup-rule=a *:* rwm', '--cgroupns=private', '--network=none'];
  const id = await runDocker(['run', '--detach', '--label=edgelab.build=test-store', ...options, ...more, ...mounts, image]);
  t.teardown(() => tryDocker(['rm', '--force', '--volumes', id]));
  const running = async (): Promise<true | undefined> =>
    (await tryDocker(['exec', id, 'systemctl', 'is-system-running'])).stdout === 'running' ? true : undefined;
  t.true(await until(running, { clock, limitSeconds: 30 }), 'systemd is running');
  const run = (...argv: string[]): Promise<string> => runDocker(['exec', id, ...argv]);
  return { run, ctr: (...argv) => run('ctr', '--namespace=k8s.io', ...argv) };
};

const inContainer = (node: Node, ...argv: string[]): Promise<string> =>
  node.ctr('tasks', 'exec', `--exec-id=e${Math.random()}`.replace('0.', ''), 'pod', ...argv);

test('nodes share unpacked images, and what one node writes or removes no other sees', async (t) => {
  const [refs, store] = [await ensureImages(['node']), await ensureStore(['agnhost', 'pause'])];
  const image = refs.get('node')!;
  const [one, other] = [await startNode(t, image, store), await startNode(t, image, store)];

  for (const node of [one, other]) {
    const listed = (await node.ctr('images', 'list', '--quiet')).split('\n');
    t.true(listed.includes(agnhost) && listed.includes('docker.io/edgelab/pause:3.10'));
    await node.ctr('run', '--detach', agnhost, 'pod', '/agnhost', 'pause');
  }
  await inContainer(one, 'sh', '-c', 'echo written > /etc/passwd; rm /etc/debian_version; echo new > /new');
  t.is(await inContainer(one, 'cat', '/etc/passwd'), 'written');
  t.regex(await inContainer(other, 'cat', '/etc/passwd'), /^root:/);
  t.regex(await inContainer(other, 'cat', '/etc/debian_version'), /^\d/);
  await t.throwsAsync(inContainer(other, 'cat', '/new'));

  await one.ctr('tasks', 'kill', '--signal=SIGKILL', 'pod');
  const ended = async (): Promise<true | undefined> => ((await one.ctr('tasks', 'list')).includes('RUNNING') ? undefined : true);
  t.true(await until(ended, { clock, limitSeconds: 10 }));
  await one.ctr('containers', 'delete', 'pod');
  for (const ref of (await one.ctr('images', 'list', '--quiet')).split('\n')) await one.ctr('images', 'remove', '--sync', ref);
  t.is(await one.ctr('content', 'list', '--quiet'), '');
  t.is(await one.run('ls', '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots'), '');

  t.regex(await other.ctr('run', '--rm', agnhost, 'second', '/agnhost', '--version'), /version/);
  t.true((await other.ctr('images', 'check')).split('\n').some((line) => line.includes(agnhost) && line.includes('complete')));
});

test('the second asking finds the store that the first one made', async (t) => {
  const store = await ensureStore(['agnhost', 'pause']);
  t.is(await ensureStore(['pause', 'agnhost'], { onEvent: () => t.fail('nothing is to be made') }), store);
});

test('a name that no pod runs is refused', async (t) => {
  await t.throwsAsync(ensureStore(['router']), { message: /"router" is not one that pods run/ });
});

/** A store of one pod that no lab has, and how it is made. */
const makeOwnStore = async (t: ExecutionContext): Promise<{ folder: string; store: string; marker: string; image: string }> => {
  const scratch = await makeScratch(t, [
    'base-bookworm',
    'base-trixie',
    'builder',
    'node',
    'node-base',
    'go-kubernetes',
    'go-kubeedge',
    'go-etcd',
    'go-flannel',
    'go-cni',
    'go-cni-flannel',
    'link-wire',
  ]);
  const folder = await scratch.recipes({
    'test-pod/image.yaml': "{ about: test, kind: dockerfile, use: pod, tag: '1' }",
    'test-pod/Dockerfile': 'FROM scratch\nCOPY file /\nCMD ["/file"]\n',
    'test-pod/file': `${t.title} ${process.pid}`,
  });
  const store = await ensureStore(['test-pod'], { folder });
  const marker = store.replace('edgelab-store-', 'edgelab/store:');
  t.teardown(() => tryDocker(['volume', 'rm', store]));
  t.teardown(() => tryDocker(['rmi', marker]));
  return { folder, store, marker, image: (await ensureImages(['test-pod'], { folder })).get('test-pod')! };
};

test('a store in use whose marker was removed is marked again, not filled again', async (t) => {
  const { folder, store, marker, image } = await makeOwnStore(t);
  const user = await runDocker(['create', `--volume=${store}:/store:ro`, image]);
  t.teardown(() => tryDocker(['rm', user]));
  await runDocker(['rmi', marker]);
  const startedAt = performance.now();
  t.is(await ensureStore(['test-pod'], { folder }), store);
  t.true(performance.now() - startedAt < 2000);
  t.is((await tryDocker(['image', 'inspect', marker])).code, 0);
});

test('a store whose volume was removed is filled again, though its marker says that it is finished', async (t) => {
  const { folder, store } = await makeOwnStore(t);
  const node = (await ensureImages(['node'])).get('node')!;
  const read = ['run', '--rm', '--network=none', `--volume=${store}:/store:ro`, '--entrypoint=find', node, '/store'];
  // What containerd has not yet cleared away differs from store to store; the unpacked file does not.
  const unpacked = (): Promise<string> => runDocker([...read, '-name', 'file', '-exec', 'cat', '{}', '+']);
  t.regex(await unpacked(), new RegExp(`${process.pid}$`));
  await runDocker(['volume', 'rm', store]);
  t.is(await ensureStore(['test-pod'], { folder }), store);
  t.regex(await unpacked(), new RegExp(`${process.pid}$`));
});
