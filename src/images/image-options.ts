/** What every function on images takes: where recipes and caches are, which versions, how to report, when to stop. */
import type { ChosenVersions } from '../model/image.ts';

/** `queued`: all that will be built, before the first is; `output`: one line. A build that fails has no `done`, and no pull has. */
export type ImagePhase = 'queued' | 'started' | 'output' | 'done';

/** `image`: name of a recipe, reference of a published image, or `store`. */
export type ImageEvent = {
  image: string;
  phase: ImagePhase;
  /** One line of the build's output, for `output`. */
  line?: string;
  /** How long it took, for `done`. */
  seconds?: number;
  /** Images (and stores) finished of this call, and how many it makes in all. */
  done: number;
  total: number;
};

/** All have defaults. */
export type ImageOptions = {
  /** Folder of recipes; images/ of this package when absent. */
  folder?: string;
  /** Of what images are to be; the default where absent. */
  versions?: ChosenVersions;
  /** Environment of edgelab: only proxy and Go module settings are taken from it. */
  environment?: Readonly<Record<string, string | undefined>>;
  onEvent?: (event: ImageEvent) => void;
  signal?: AbortSignal;
  /** Images that are compiled at the same time; by default 2 where there is memory for it. */
  compilers?: number;
  /**
   * A word that is mixed into every address and cache name: everything is built anew, with empty caches, beside what
   * there is. For measuring a cold build; `pruneImages` clears it away.
   */
  trial?: string;
};
