/** What a component (kubernetes, flannel, kubeedge, …) contributes to a plan: its phase, images and steps, all as data. */
import type { ImageName, PublishedImage } from '../model/image.ts';
import type { Lab } from '../model/lab.ts';
import type { Cure, Remark, Step } from '../model/plan.ts';

/** One thing that is installed: whether, from which images, by which steps. */
export type Component = {
  /** The word in a topology's `install:`. */
  kind: string;
  /** True when the lab asks for it. */
  wanted(lab: Lab): boolean;
  /** Line of the progress display: `kubernetes 1.32.5 on cloud`. */
  title(lab: Lab): string;
  /** Recipes whose container images pods of this component use: they must be in the shared store. */
  storeImages(lab: Lab): ImageName[];
  /** Published images that its pods use and edgelab does not build, `kubeedge/edgemesh-agent:v1.16.0`. */
  externalImages?(lab: Lab): PublishedImage[];
  /** Ids of what the kernel must have for it (host/kernel-features.ts), beyond what every lab needs. */
  features?(lab: Lab): string[];
  /** Steps with ids `<kind>:<what>[:<node>]`; they may need `link:<container>` and other components' steps by id. */
  steps(lab: Lab): Step[];
  /** What is mended on its nodes while they come up. */
  cures?(lab: Lab): Cure[];
  /** What its nodes can say when something took long or failed. */
  remarks?(lab: Lab): Remark[];
};
