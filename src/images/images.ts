/** The images a lab is made of: built from images/, bundled, pushed and pulled, and bound to a plan. */
import type { ImageBinding } from '../model/image.ts';
import { ensureImages } from './build-images.ts';
import type { ImageOptions } from './image-options.ts';
import { contentFor, findStore, makeStore } from './store.ts';
import { openWorkshop } from './workshop.ts';

export { ensureImages } from './build-images.ts';
export { loadBundle, saveBundle, type BundleOptions, type LoadedBundle } from './bundle.ts';
export type { BundleManifest } from './bundle-manifest.ts';
export type { ImageEvent, ImageOptions, ImagePhase } from './image-options.ts';
export { listImages, type ListedImage } from './list-images.ts';
export { pruneImages } from './prune-images.ts';
export { pullImages, pushImages, type Transferred, type TransferOptions } from './registry-transfer.ts';

/**
 * Makes sure that a store with the named pod images exists; what is missing is built. Resolves to its volume.
 * Throws like `ensureImages`.
 */
export const ensureStore = async (names: readonly string[], options: ImageOptions = {}): Promise<string> => {
  const workshop = await openWorkshop(options);
  const content = contentFor(workshop, names);
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

/** Binds what a plan needs (`Plan.images`) to images and a store volume of this machine, building what is missing. */
export const bindImages = async (
  needed: { containers: readonly string[]; store: readonly string[] },
  options: ImageOptions = {},
): Promise<ImageBinding> => {
  const workshop = await openWorkshop(options);
  const hasStore = needed.store.length === 0 || (await findStore(contentFor(workshop, needed.store), options.signal)) !== undefined;
  // One call for all, so that everything that can be built at the same time is.
  await ensureImages(hasStore ? needed.containers : [...new Set([...needed.containers, 'node', ...needed.store])], options);
  const refs = await ensureImages(needed.containers, options);
  return needed.store.length === 0 ? { refs } : { refs, storeVolume: await ensureStore(needed.store, options) };
};
