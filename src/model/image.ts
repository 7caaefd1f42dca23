/** Images as other rooms see them: a recipe's name and the content-addressed reference it is bound to. */
import type { ImageName } from './plan.ts';

/** `edgelab/<name>:<12 hex of the inputs hash>`. */
export type ImageRef = string;

/** Version of a component that is compiled in several (images/README.md); where it is absent, the default one. */
export type ChosenVersions = { kubernetes?: string; kubeedge?: string };

export type ImageBinding = {
  refs: ReadonlyMap<ImageName, ImageRef>;
  /** Docker volume with the unpacked containerd root shared by all nodes; absent when the plan needs none. */
  storeVolume?: string;
};
