/** The shared store: one Docker volume with a containerd root in which all pod images of a plan are unpacked already. */
import { pipeCommands, runDocker, tryDocker } from '../host/host.ts';
import { LabError } from '../lib/lab-error.ts';
import { linesOf } from '../lib/lines.ts';
import { madeByAnother } from './another-edgelab.ts';
import { entryOf } from './build-order.ts';
import type { ExternalImage } from './external.ts';
import { addressOfSet } from './inputs-hash.ts';
import { inspectImages } from './local-images.ts';
import { podReference } from './recipe.ts';
import { addressOf, type Workshop } from './workshop.ts';

/** One image of a store: its reference in the engine and inside Kubernetes, and what tells its content apart. */
type Stored = { ref: string; inside: string; address: string };

/** What a store has to hold. */
export type StoreContent = readonly Stored[];

/** Ours are named after their content; a published image is told apart by its id. Throws LabError IMAGE001 for a name that is no image of a pod. */
export const contentFor = (workshop: Workshop, names: readonly string[], external: readonly ExternalImage[] = []): StoreContent => [
  ...names.map((name) => {
    const inside = podReference(name, entryOf(workshop.catalogue, name).recipe);
    if (inside === undefined) throw new LabError('IMAGE001', `the image "${name}" is not one that pods run`);
    const { ref } = addressOf(workshop, name);
    return { ref, inside, address: ref };
  }),
  ...external.map(({ ref, id }) => ({ ref, inside: ref, address: `${ref}@${id}` })),
];

const lines = (content: StoreContent): string[] => content.map(({ address, inside }) => `${address}=${inside}`).sort();

const volumeFor = (content: StoreContent): string => `edgelab-store-${addressOfSet(lines(content))}`;

const markerOf = (volume: string): string => volume.replace('edgelab-store-', 'edgelab/store:');

/**
 * Volume of a finished store that holds all of it: the one made for exactly this, else any that holds more.
 * A volume can be neither renamed nor labelled once it is full, so a marker image without content, `edgelab/store:<address>`,
 * says that it is finished and what it holds.
 */
export const findStore = async (content: StoreContent, signal?: AbortSignal): Promise<string | undefined> => {
  const wanted = lines(content);
  const stores = (await listStores(signal)).filter(({ holds }) => wanted.every((line) => holds.has(line)));
  return (stores.find(({ volume }) => volume === volumeFor(content)) ?? stores[0])?.volume;
};

/** The finished store that holds most of it and nothing else: filling goes on from a copy of it. */
const findBase = async (
  content: StoreContent,
  signal?: AbortSignal,
): Promise<{ volume: string; holds: ReadonlySet<string> } | undefined> => {
  const wanted = new Set(lines(content));
  const stores = (await listStores(signal)).filter(({ holds }) => [...holds].every((line) => wanted.has(line)));
  return stores.toSorted((one, other) => other.holds.size - one.holds.size)[0];
};

const listStores = async (signal?: AbortSignal): Promise<{ volume: string; holds: ReadonlySet<string> }[]> => {
  const options = signal ? { signal } : {};
  const list = (args: string[]): Promise<string[]> => runDocker(args, options).then(linesOf);
  const [markers, volumes] = await Promise.all([
    list(['image', 'ls', '--filter=reference=edgelab/store', '--format={{.Repository}}:{{.Tag}}']),
    list(['volume', 'ls', '--filter=label=edgelab.store', '--format={{.Name}}']),
  ]);
  return (await inspectImages(markers, signal))
    .map(({ labels }) => ({ volume: labels['edgelab.store']!, holds: new Set(labels['edgelab.holds']?.split(' ')) }))
    .filter(({ volume }) => volumes.includes(volume));
};

/**
 * Makes the store from images that are in the engine, in a container of the node image without network, and resolves to
 * its volume. Throws LabError IMAGE001; a half-made volume is removed.
 */
export const makeStore = async (content: StoreContent, workshop: Workshop, onLine: (line: string) => void): Promise<string> => {
  const volume = volumeFor(content);
  const container = `${volume}-maker`;
  const { signal } = workshop;
  const options = signal ? { signal } : {};
  const other = await madeByAnother(container, () => findStore(content, signal), onLine, signal);
  if (other !== undefined) return other;
  await tryDocker(['rm', '--force', '--volumes', container]);
  const cleared = await tryDocker(['volume', 'rm', '--force', volume]);
  if (cleared.code !== 0) {
    // In use: nodes get a store only when it is finished, so it is, and somebody removed its marker.
    await markFinished(content, volume);
    return volume;
  }
  // One whose volume was removed by hand: from here on it would say that this one is finished.
  await tryDocker(['rmi', '--force', markerOf(volume)]);
  await runDocker(['volume', 'create', `--label=edgelab.store=${volume}`, volume], options);
  try {
    const base = await findBase(content, signal);
    const added = content.filter((image) => base?.holds.has(lines([image])[0]!) !== true);
    const options = makerArguments(container, volume, addressOf(workshop, 'node').ref, base?.volume);
    const maker = ['docker', ...options, ...added.map(({ ref, inside }) => `${ref}=${inside}`)] as const;
    await pipeCommands(['docker', 'save', ...added.map(({ ref }) => ref)], maker, { signal, onLine });
    await markFinished(content, volume);
  } catch (error) {
    await tryDocker(['rm', '--force', '--volumes', container]);
    await tryDocker(['volume', 'rm', '--force', volume]);
    if (!(error instanceof LabError)) throw error;
    throw new LabError('IMAGE001', 'the store of unpacked images could not be made', { ...error.details, step: `fill ${volume}` });
  }
  return volume;
};

/** Mounting layers needs SYS_ADMIN and no network. It ends when the client does: its stdin closes. */
const makerArguments = (container: string, volume: string, node: string, base: string | undefined): string[] => [
  'run',
  '--rm',
  '--interactive',
  `--name=${container}`,
  `--label=edgelab.build=store`,
  '--network=none',
  '--cap-add=SYS_ADMIN',
  '--security-opt=seccomp=unconfined',
  '--security-opt=apparmor=unconfined',
  '--security-opt=systempaths=unconfined',
  '--tmpfs=/run',
  `--volume=${volume}:/store`,
  ...(base === undefined ? [] : [`--volume=${base}:/base:ro`]),
  '--entrypoint=/usr/lib/edgelab/make-store',
  node,
];

/** An archive with nothing in it: two blocks of zeros. */
const emptyArchive: [string, ...string[]] = ['head', '-c', '1024', '/dev/zero'];

const markFinished = async (content: StoreContent, volume: string): Promise<void> => {
  const labels = { 'edgelab.image': 'store', 'edgelab.store': volume, 'edgelab.holds': `"${lines(content).join(' ')}"` };
  const changes = Object.entries(labels).map(([key, value]) => `--change=LABEL ${key}=${value}`);
  await pipeCommands(emptyArchive, ['docker', 'import', ...changes, '-', markerOf(volume)]);
};
