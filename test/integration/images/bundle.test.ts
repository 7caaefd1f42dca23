import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runDocker, tryDocker } from '../../../src/host/docker-cli.ts';
import { ensureImages, loadBundle, saveBundle } from '../../../src/images/images.ts';
import { LabError } from '../../../src/lib/lab-error.ts';
import { makeScratch, oneFile } from './fixtures.ts';

const isPresent = async (ref: string): Promise<boolean> => (await tryDocker(['image', 'inspect', ref])).code === 0;

test('a bundle brings back the very images that were saved', async (t) => {
  const scratch = await makeScratch(t);
  const folder = await scratch.recipes({ ...oneFile('test-one', 'one'), ...oneFile('test-two', 'two') });
  const file = join(scratch.folder, 'lab.bundle');
  const { images } = await saveBundle(file, { folder });
  // published images that happen to be in this engine go into every bundle; they stay out of this test
  const own = images.filter(({ name }) => !name.includes('/'));
  t.deepEqual(
    own.map(({ name }) => name),
    ['test-one', 'test-two'],
  );

  const idOf = (ref: string): Promise<string> => runDocker(['image', 'inspect', '--format={{.Id}}', ref]);
  const ids = await Promise.all(own.map(({ ref }) => idOf(ref)));
  for (const { ref } of own) await runDocker(['rmi', ref]);
  const loaded = await loadBundle(file, { folder });
  t.deepEqual({ foreign: loaded.foreign, missing: loaded.missing }, { foreign: [], missing: [] });
  t.deepEqual(await Promise.all(own.map(({ ref }) => idOf(ref))), ids);

  t.deepEqual([...(await ensureImages(['test-one'], { folder, onEvent: () => t.fail('nothing is to be built') })).keys()], ['test-one']);
});

test('a bundle with one wrong byte is refused and nothing of it is loaded', async (t) => {
  const scratch = await makeScratch(t);
  const folder = await scratch.recipes(oneFile('test-fragile', 'content'));
  const file = join(scratch.folder, 'lab.bundle');
  const { images } = await saveBundle(file, { folder });
  await runDocker(['rmi', images[0]!.ref]);

  const handle = await open(file, 'r+');
  const at = (await stat(file)).size - 1024 - 600;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at);
  await handle.write(Buffer.from([buffer[0]! ^ 1]), 0, 1, at);
  await handle.close();

  const error = await t.throwsAsync(loadBundle(file, { folder }), { instanceOf: LabError });
  t.is(error.code, 'IMAGE002');
  t.regex(error.message, /damaged/);
  t.false(await isPresent(images[0]!.ref));
});

test('a file that is no bundle is refused', async (t) => {
  const error = await t.throwsAsync(loadBundle(join(import.meta.dirname, 'bundle.test.ts')), { instanceOf: LabError });
  t.is(error.code, 'IMAGE002');
});

test('a bundle is never written over a file that is there', async (t) => {
  const scratch = await makeScratch(t);
  const folder = await scratch.recipes(oneFile('test-careful', 'content'));
  const error = await t.throwsAsync(saveBundle(join(import.meta.dirname, 'bundle.test.ts'), { folder }), { instanceOf: LabError });
  t.is(error.code, 'IMAGE005');
  t.regex(error.message, /exists/);
});
