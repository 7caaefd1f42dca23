/** Clears away what earlier recipes and trials left: images, stores and caches that the catalogue no longer names. */
import { runDocker, tryDocker } from '../host/host.ts';
import type { ImageOptions } from './image-options.ts';
import { inspectImages } from './local-images.ts';
import { openWorkshop } from './workshop.ts';

/** Volumes of a trial: the caches of normal builds have no word behind their name. */
const trialCache = /^edgelab-go(mod|cache)-/;

/** Removes what no container uses, and resolves to what was removed. Throws LabError ENGINE001 when the engine does not answer. */
export const pruneImages = async (options: ImageOptions = {}): Promise<{ images: string[]; volumes: string[] }> => {
  const { signal } = options;
  const workshop = await openWorkshop({ ...options, trial: '' });
  const current = new Set([...workshop.addresses.values()].map(({ ref }) => ref));
  const withSignal = signal ? { signal } : {};
  const list = async (args: string[]): Promise<string[]> => (await runDocker(args, withSignal)).split('\n').filter((line) => line !== '');
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
  const isCurrent = (ref: string): boolean => current.has(ref);
  const stale = inspected.filter(({ ref, labels }) =>
    labels['edgelab.holds'] === undefined ? !isCurrent(ref) : !holdsCurrent(labels, isCurrent),
  );
  const images = await removeEach(
    ['rmi'],
    stale.map(({ ref }) => ref),
  );
  const volumesOfStale = stale.filter(({ ref }) => images.includes(ref)).flatMap(({ labels }) => labels['edgelab.store'] ?? []);
  const caches = (await list(['volume', 'ls', '--filter=name=^edgelab-go', '--format={{.Name}}'])).filter((name) => trialCache.test(name));
  return { images, volumes: await removeEach(['volume', 'rm'], [...volumesOfStale, ...caches]) };
};

const holdsCurrent = (labels: Readonly<Record<string, string>>, isCurrent: (ref: string) => boolean): boolean =>
  (labels['edgelab.holds'] ?? '').split(' ').every((pair) => isCurrent(pair.split('=')[0] ?? ''));

/** One at a time: what is in use refuses, and must not keep the others. */
const removeEach = async (command: readonly string[], names: readonly string[]): Promise<string[]> => {
  const removed: string[] = [];
  for (const name of names) if ((await tryDocker([...command, name])).code === 0) removed.push(name);
  return removed;
};
