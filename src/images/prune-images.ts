/** Clears away what earlier recipes and trials left: images, stores and caches that the catalogue names differently now. */
import { runDocker, tryDocker } from '../host/host.ts';
import { linesOf } from '../lib/lines.ts';
import type { ImageOptions } from './image-options.ts';
import { inspectImages } from './local-images.ts';
import { everyRef, openWorkshop } from './workshop.ts';

/** Volumes of a trial: the caches of normal builds have no word behind their name. */
const trialCache = /^edgelab-go(mod|cache)-/;

/** Removes what no container uses, and resolves to what was removed. Throws LabError ENGINE001 when the engine does not answer. */
export const pruneImages = async (options: ImageOptions = {}): Promise<{ images: string[]; volumes: string[] }> => {
  const { signal } = options;
  const { catalogue } = await openWorkshop({ ...options, trial: '' });
  const used = await everyRef({ ...options, trial: '' });
  const isStale = (ref: string): boolean => catalogue.has(/^edgelab\/([^:]+):/.exec(ref)?.[1] ?? '') && !used.has(ref);
  const withSignal = signal ? { signal } : {};
  const list = async (args: string[]): Promise<string[]> => linesOf(await runDocker(args, withSignal));
  // Builders that a killed edgelab left behind; one that runs is another edgelab's.
  await removeEach(['rm', '--volumes'], await list(['ps', '--all', '--quiet', '--filter=label=edgelab.build', '--filter=status=exited']));
  const refs = await list([
    'image',
    'ls',
    '--filter=label=edgelab.image',
    '--filter=reference=edgelab/*',
    '--format={{.Repository}}:{{.Tag}}',
  ]);
  const inspected = await inspectImages(refs, signal);
  const stale = inspected.filter(({ ref, labels }) => isStale(ref) || heldBy(labels).some(isStale));
  const [stores, plain] = [stale.filter(({ labels }) => labels['edgelab.store']), stale.filter(({ labels }) => !labels['edgelab.store'])];
  const caches = (await list(['volume', 'ls', '--filter=name=^edgelab-go', '--format={{.Name}}'])).filter((name) => trialCache.test(name));
  const volumes = await removeEach(['volume', 'rm'], [...stores.map(({ labels }) => labels['edgelab.store']!), ...caches]);
  // The marker of a store that a lab still uses stays with it.
  const markers = stores.filter(({ labels }) => volumes.includes(labels['edgelab.store']!));
  return {
    images: await removeEach(
      ['rmi'],
      [...plain, ...markers].map(({ ref }) => ref),
    ),
    volumes,
  };
};

/** Images in a store, by the label of its marker; none for other images. */
const heldBy = (labels: Readonly<Record<string, string>>): string[] =>
  (labels['edgelab.holds'] ?? '').split(' ').map((pair) => pair.split('=')[0] ?? '');

/** One at a time: what is in use refuses, and must not keep the others. */
const removeEach = async (command: readonly string[], names: readonly string[]): Promise<string[]> => {
  const removed: string[] = [];
  for (const name of names) if ((await tryDocker([...command, name])).code === 0) removed.push(name);
  return removed;
};
