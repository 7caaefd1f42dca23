import type { ExecutionContext } from 'ava';
import test from 'ava';
import { runDocker, tryDocker } from '../../../src/host/docker-cli.ts';
import { ensureImages, pullImages, pushImages } from '../../../src/images/images.ts';
import { LabError } from '../../../src/lib/lab-error.ts';
import { until } from '../../../src/lib/until.ts';
import { clock, makeScratch, oneFile } from './fixtures.ts';

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
  const container = await runDocker(['run', '--detach', '--rm', '--label=edgelab.build=test-registry', '--publish=127.0.0.1::5000', ref]);
  t.teardown(() => tryDocker(['rm', '--force', '--volumes', container]));
  const address = await runDocker(['port', container, '5000']);
  const answers = async (): Promise<true | undefined> =>
    (await fetch(`http://${address}/v2/`).catch(() => undefined))?.ok ? true : undefined;
  t.true(await until(answers, { clock, limitSeconds: 20 }), 'the registry answers');
  return address;
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
