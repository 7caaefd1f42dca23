/** What images there are and which of them this machine holds. */
import type { ImageOptions } from './image-options.ts';
import { inspectImages, localImages } from './local-images.ts';
import { podReference, type Recipe } from './recipe.ts';
import { addressOf, openWorkshop } from './workshop.ts';

/** An image that edgelab builds, as `images list` shows it. */
export type ListedImage = {
  name: string;
  about: string;
  kind: Recipe['kind'];
  use: Recipe['use'];
  /** `edgelab/<name>:<12 hex>`. */
  ref: string;
  /** Its name inside Kubernetes, for images of pods. */
  podRef?: string;
  present: boolean;
  /** Bytes of all its layers, shared ones included; absent when the image is not there. */
  sizeBytes?: number;
};

/** All images of the catalogue in build order. Throws LabError ENGINE001 when the engine does not answer. */
export const listImages = async (options: ImageOptions = {}): Promise<ListedImage[]> => {
  const workshop = await openWorkshop(options);
  const local = await localImages(options.signal);
  const refs = [...workshop.addresses.values()].map(({ ref }) => ref).filter((ref) => local.has(ref));
  const sizes = new Map((await inspectImages(refs, options.signal)).map(({ ref, sizeBytes }) => [ref, sizeBytes]));
  return [...workshop.catalogue.values()].map(({ name, recipe }) => {
    const { ref } = addressOf(workshop, name);
    const podRef = podReference(name, recipe);
    const sizeBytes = sizes.get(ref);
    return {
      name,
      about: recipe.about,
      kind: recipe.kind,
      use: recipe.use,
      ref,
      present: sizeBytes !== undefined,
      ...(podRef !== undefined && { podRef }),
      ...(sizeBytes !== undefined && { sizeBytes }),
    };
  });
};
