import type { ExecutionContext } from 'ava';
import test from 'ava';
import { GenericContainer, Wait } from 'testcontainers';
import { runDocker, tryDocker } from '../../../src/host/docker-cli.ts';
import { ensureExternal, ensureImages, pullImages, pushImages } from '../../../src/images/images.ts';
import { LabError } from '../../../src/lib/lab-error.ts';
import { makeScratch, oneFile } from './fixtures.ts';

// Its reaper is a published image; what a test starts, its teardown ends.
process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';

/** A real OCI registry on a port of this machine: Debian's docker-registry. */
const startRegistry = async (t: ExecutionContext): Promise<string> => {
  const scratch = await makeScratch(t, ['base-bookworm']);
  const folder = await scratch.recipes({
    'test-registry/image.yaml': '{ about: test, kind: dockerfile, use: container, from: [base-bookworm] }',
    'test-registry/Dockerfile': [
      'ARG base_bookworm',
      'FROM ${base_bookworm}',
      'RUN apt-get update -q && apt-get install -qy --no-install-recommends docker-registry',
      'COPY config.yml /',
      'CMD ["docker-registry", "serve", "/config.yml"]',
      '',
    ].join('\n'),
    'test-registry/config.yml': 'version: 0.1\nstorage: { filesystem: { rootdirectory: /tmp/registry } }\nhttp: { addr: ":5000" }\n',
  });
  const ref = (await ensureImages(['test-registry'], { folder })).get('test-registry')!;
  const registry = await new GenericContainer(ref)
    .withExposedPorts(5000)
    .withWaitStrategy(Wait.forHttp('/v2/', 5000))
    .withLabels({ 'edgelab.build': 'test-registry' })
    .start();
  t.teardown(() => registry.stop());
  // As the engine sees it, which speaks plain HTTP to its own machine only: the host as seen from here may have another address.
  return `127.0.0.1:${String(registry.getMappedPort(5000))}`;
};

test('images go to a registry and come back the same', async (t) => {
  const registry = await startRegistry(t);
  const scratch = await makeScratch(t);
  const folder = await scratch.recipes({ ...oneFile('test-first', 'first'), ...oneFile('test-second', 'second') });
  const pushed = await pushImages(registry, { folder });
  t.deepEqual(
    pushed.map(({ name }) => name),
    ['test-first', 'test-second'],
  );
  for (const { name, digest } of pushed) t.regex(digest, new RegExp(`^${registry}/edgelab/${name}@sha256:[0-9a-f]{64}$`));

  const ids = new Map<string, string>();
  for (const { ref } of pushed) {
    ids.set(ref, await runDocker(['image', 'inspect', '--format={{.Id}}', ref]));
    await runDocker(['rmi', '--force', ref]);
  }
  const pulled = await pullImages(registry, { folder });
  t.deepEqual(pulled, pushed);
  for (const [ref, id] of ids) t.is(await runDocker(['image', 'inspect', '--format={{.Id}}', ref]), id);
  t.deepEqual(await pullImages(registry, { folder }), [], 'what is there is not pulled');
  t.is(await runDocker(['image', 'ls', '--quiet', `--filter=reference=${registry}/edgelab/*`]), '', 'no second names are left');
});

test('an image that was not made from the inputs its tag names is refused', async (t) => {
  const registry = await startRegistry(t);
  const scratch = await makeScratch(t);
  const folder = await scratch.recipes({ ...oneFile('test-wanted', 'wanted'), ...oneFile('test-forged', 'forged') });
  const refs = await ensureImages(['test-wanted', 'test-forged'], { folder });
  const remote = `${registry}/${refs.get('test-wanted')!}`;
  await runDocker(['tag', refs.get('test-forged')!, remote]);
  await runDocker(['push', '--quiet', remote]);
  await runDocker(['rmi', '--force', remote, refs.get('test-wanted')!]);

  const error = await t.throwsAsync(pullImages(registry, { folder, names: ['test-wanted'] }), { instanceOf: LabError });
  t.is(error.code, 'IMAGE003');
  t.not((await tryDocker(['image', 'inspect', refs.get('test-wanted')!])).code, 0);
});

test('a registry that does not answer is an error with the words of the engine', async (t) => {
  const scratch = await makeScratch(t);
  const folder = await scratch.recipes(oneFile('test-lonely', 'lonely'));
  const error = await t.throwsAsync(pullImages('127.0.0.1:1', { folder }), { instanceOf: LabError });
  t.is(error.code, 'IMAGE003');
  t.regex(error.details.outputTail ?? '', /refused/);
});

test('a published image is pulled where it is not here, and one that nobody has is named with the reason', async (t) => {
  const registry = await startRegistry(t);
  const scratch = await makeScratch(t);
  const folder = await scratch.recipes(oneFile('test-published', 'published'));
  const ref = (await ensureImages(['test-published'], { folder })).get('test-published')!;
  const [there, nowhere] = [`${registry}/kubeedge/test-agent:v1`, `${registry}/kubeedge/test-agent:v2`];
  await runDocker(['tag', ref, there]);
  await runDocker(['push', '--quiet', there]);
  await runDocker(['rmi', there]);
  t.teardown(() => tryDocker(['rmi', '--force', there]));

  const { present, missing } = await ensureExternal([there, nowhere]);
  t.deepEqual(
    present.map((image) => image.ref),
    [there],
  );
  t.regex(present[0]?.digest ?? '', new RegExp(`^${registry}/kubeedge/test-agent@sha256:[0-9a-f]{64}$`));
  t.is(present[0]?.id, await runDocker(['image', 'inspect', '--format={{.Id}}', ref]));
  t.deepEqual(
    missing.map((image) => image.ref),
    [nowhere],
  );
  t.regex(missing[0]?.why ?? '', /not found|manifest unknown/);
});
