/** The images a lab is made of: built from images/, bundled, pushed and pulled, and bound to a plan. */
import type { ImageBinding } from '../model/image.ts';
import type { Plan } from '../model/plan.ts';
import { LabError } from '../lib/lab-error.ts';
import { ensureImages } from './build-images.ts';
import { ensureExternal, type External, type ExternalImage } from './external.ts';
import type { ImageOptions } from './image-options.ts';
import { contentFor, findStore, makeStore } from './store.ts';
import { openWorkshop } from './workshop.ts';

export { ensureImages } from './build-images.ts';
export { loadBundle, saveBundle, type BundleOptions, type LoadedBundle } from './bundle.ts';
export type { BundleManifest } from './bundle-manifest.ts';
export { ensureExternal, findExternal, type External, type ExternalImage } from './external.ts';
export type { ImageEvent, ImageOptions, ImagePhase } from './image-options.ts';
export { listImages, type ListedImage } from './list-images.ts';
export { listPublished, publishedImages, type ListedPublished } from './published.ts';
export { pruneImages } from './prune-images.ts';
export { pullImages, pushImages, type Transferred, type TransferOptions } from './registry-transfer.ts';

/**
 * Makes sure that a store with the named pod images and the published ones exists; what is missing is built. Resolves to its volume.
 * Throws like `ensureImages`.
 */
export const ensureStore = async (
  names: readonly string[],
  options: ImageOptions = {},
  external: readonly ExternalImage[] = [],
): Promise<string> => {
  const workshop = await openWorkshop(options);
  const content = contentFor(workshop, names, external);
  const found = await findStore(content, options.signal);
  if (found !== undefined) return found;
  await ensureImages(['node', ...names], options);
  const emit = (phase: 'started' | 'output' | 'done', more: { line?: string; seconds?: number } = {}): void =>
    options.onEvent?.({ image: 'store', phase, done: phase === 'done' ? 1 : 0, total: 1, ...more });
  const startedAt = performance.now();
  emit('started');
  const volume = await makeStore(content, workshop, (line) => emit('output', { line }));
  emit('done', { seconds: (performance.now() - startedAt) / 1000 });
  return volume;
};

/**
 * Binds what a plan needs (`Plan.images`) to images and a store volume of this machine, building what is missing.
 * Throws LabError IMAGE006 for a published image that is neither here nor to be pulled.
 */
export const bindImages = async (needed: Plan['images'], given: ImageOptions = {}): Promise<ImageBinding> => {
  const options: ImageOptions = { ...given, versions: needed.versions };
  const { present, missing } = await ensureExternal(needed.external, options);
  if (missing.length > 0) throw notToBeHad(missing);
  const workshop = await openWorkshop(options);
  const content = contentFor(workshop, needed.store, present);
  const hasStore = content.length === 0 || (await findStore(content, options.signal)) !== undefined;
  // One call for all, so that everything that can be built at the same time is.
  await ensureImages(hasStore ? needed.containers : [...new Set([...needed.containers, 'node', ...needed.store])], options);
  const refs = await ensureImages(needed.containers, options);
  return content.length === 0 ? { refs } : { refs, storeVolume: await ensureStore(needed.store, options, present) };
};

const notToBeHad = (missing: External['missing']): LabError =>
  new LabError('IMAGE006', `published images that the lab needs cannot be had: ${missing.map(({ ref }) => ref).join(', ')}`, {
    lastObservation: missing.map(({ ref, why }) => `${ref}: ${why}`).join('\n'),
    hint: 'docker pull it where a registry is in reach, or take it from a bundle: ./edgelab images load FILE',
  });
