/** Builds missing images in parallel, telling how far it is. */
import { totalmem } from 'node:os';
import { entryOf, planBuilds } from './build-order.ts';
import type { ImageEvent, ImageOptions } from './image-options.ts';
import { makeDebian } from './make-debian.ts';
import { makeDockerfile } from './make-dockerfile.ts';
import { makeGo } from './make-go.ts';
import { localImages } from './local-images.ts';
import { type CatalogueEntry, dependenciesOf } from './recipe.ts';
import { runJobs, type Job } from './schedule.ts';
import { addressOf, openWorkshop, type Workshop } from './workshop.ts';

/** Two compilers keep two cores busy while one of them links; each may want 4 GiB. */
const memoryForTwo = 11 * 2 ** 30;

/** What assembling an image takes, roughly. */
const assembleSeconds = 15;

/**
 * Makes sure that the named images are in the local engine; what is there is not built. Resolves to name → reference.
 * Throws LabError IMAGE001 (a build failed, its tail in the error), IMAGE004 (no base system), or the signal's reason;
 * images finished before that stay, so the next call goes on from there.
 */
export const ensureImages = async (names: readonly string[], options: ImageOptions = {}): Promise<Map<string, string>> => {
  const workshop = await openWorkshop(options);
  const local = await localImages(options.signal);
  const isPresent = (name: string): boolean => local.has(addressOf(workshop, name).ref);
  await buildAll(planBuilds(workshop.catalogue, names, isPresent), workshop, options);
  return new Map(names.map((name) => [name, addressOf(workshop, name).ref]));
};

const buildAll = async (names: readonly string[], workshop: Workshop, options: ImageOptions): Promise<void> => {
  let done = 0;
  const emit = (event: Omit<ImageEvent, 'done' | 'total'>): void => options.onEvent?.({ ...event, done, total: names.length });
  const build = async (name: string, signal: AbortSignal): Promise<void> => {
    const startedAt = performance.now();
    emit({ image: name, phase: 'started' });
    await makeImage(entryOf(workshop.catalogue, name), { ...workshop, signal }, (line) => emit({ image: name, phase: 'output', line }));
    done += 1;
    emit({ image: name, phase: 'done', seconds: (performance.now() - startedAt) / 1000 });
  };
  for (const name of names) emit({ image: name, phase: 'queued' });
  const compile = options.compilers ?? (totalmem() > memoryForTwo ? 2 : 1);
  const jobs = names.map((name) => toJob(entryOf(workshop.catalogue, name)));
  await runJobs(jobs, build, { limits: { compile, assemble: 2 }, signal: options.signal });
};

const toJob = ({ name, recipe }: CatalogueEntry): Job => ({
  name,
  needs: dependenciesOf(recipe),
  ...(recipe.kind === 'go' ? { lane: 'compile', seconds: recipe.coldSeconds } : { lane: 'assemble', seconds: assembleSeconds }),
});

const makeImage = (entry: CatalogueEntry, workshop: Workshop, onLine: (line: string) => void): Promise<void> => {
  const { recipe } = entry;
  switch (recipe.kind) {
    case 'debian':
      return makeDebian({ ...entry, recipe }, workshop, onLine);
    case 'dockerfile':
      return makeDockerfile({ ...entry, recipe }, workshop, onLine);
    case 'go':
      return makeGo({ ...entry, recipe }, workshop, onLine);
  }
};
