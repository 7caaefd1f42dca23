import test from 'ava';
import { tryDocker } from '../../../src/host/docker-cli.ts';
import { ensureImages, pruneImages } from '../../../src/images/images.ts';
import { versions } from '../../../src/lib/versions.ts';
import { makeScratch, oneFile } from './fixtures.ts';

const isPresent = async (ref: string): Promise<boolean> => (await tryDocker(['image', 'inspect', ref])).code === 0;

test('what earlier recipes and trials left is removed, what the recipes say now stays, in every version', async (t) => {
  const scratch = await makeScratch(t);
  const build = async (content: string, trial = ''): Promise<string> => {
    const folder = await scratch.recipes(oneFile('test-prune', content));
    return (await ensureImages(['test-prune'], { folder, trial })).get('test-prune')!;
  };
  const recipe = oneFile('test-versions', 'now');
  const versioned = await scratch.recipes({
    ...recipe,
    'test-versions/image.yaml': `# {kubernetes}\n${recipe['test-versions/image.yaml']!}`,
  });
  const other = (await ensureImages(['test-versions'], { folder: versioned, versions: { kubernetes: versions.kubernetes[1] } })).get(
    'test-versions',
  )!;
  const [earlier, trial, current] = [await build('earlier'), await build('now', 'cold'), await build('now')];
  const removed = await pruneImages({ folder: await scratch.recipes({}) });
  t.deepEqual(removed.images.sort(), [earlier, trial].sort());
  t.deepEqual(await Promise.all([earlier, trial, current, other].map(isPresent)), [false, false, true, true]);
});
