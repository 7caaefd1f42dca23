/** What the makers of images share during one call. */
import { atMost } from '../lib/at-most.ts';
import type { Address } from './inputs-hash.ts';
import { addressImages } from './inputs-hash.ts';
import { readCatalogue } from './catalogue.ts';
import type { Catalogue, CatalogueEntry } from './recipe.ts';
import type { ImageOptions } from './image-options.ts';
import { everyChoice } from './in-version.ts';

/** Recipes in one choice of versions, and where and how they are built. */
export type Workshop = {
  catalogue: Catalogue;
  addresses: ReadonlyMap<string, Address>;
  /** Proxy and Go module settings, as they reach builds. */
  settings: Readonly<Record<string, string>>;
  /** Docker volumes that outlive builds. */
  caches: { modules: string; builds: string };
  /** Runs the work of the compiler whose turn it is to go first; the others' waits. */
  inFront: (work: () => Promise<void>) => Promise<void>;
  signal?: AbortSignal;
};

/** Makes one image; `onLine` gets its output. Throws LabError IMAGE001 or IMAGE004. */
export type Maker<Entry extends CatalogueEntry> = (entry: Entry, workshop: Workshop, onLine: (line: string) => void) => Promise<void>;

/** Reads the recipes and makes nothing yet. Throws LabError IMAGE001 for a recipe that is wrong. */
export const openWorkshop = async ({ folder, versions, environment = {}, signal, trial = '' }: ImageOptions): Promise<Workshop> => {
  const catalogue = await readCatalogue(folder, versions);
  const suffix = trial === '' ? '' : `-${trial}`;
  return {
    catalogue,
    addresses: addressImages(catalogue, trial),
    settings: pickSettings(environment),
    caches: { modules: `edgelab-gomod${suffix}`, builds: `edgelab-gocache${suffix}` },
    inFront: atMost(1),
    ...(signal && { signal }),
  };
};

/** References of our images in every choice of versions. */
export const everyRef = async (options: ImageOptions): Promise<ReadonlySet<string>> => {
  const workshops = await Promise.all(everyChoice().map((versions) => openWorkshop({ ...options, versions })));
  return new Set(workshops.flatMap(({ addresses }) => [...addresses.values()].map(({ ref }) => ref)));
};

const passedOn = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE', 'GONOPROXY', 'GOINSECURE'];

const pickSettings = (environment: NonNullable<ImageOptions['environment']>): Record<string, string> => {
  const wanted = passedOn.flatMap((name) => (name.endsWith('_PROXY') ? [name, name.toLowerCase()] : [name]));
  return Object.fromEntries(wanted.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
};

/** `name` must be in the catalogue. */
export const addressOf = (workshop: Workshop, name: string): Address => workshop.addresses.get(name)!;

/** The labels every image of ours carries: `edgelab.image` its name, `edgelab.inputs` its full address. */
export const labelsOf = (workshop: Workshop, name: string): Record<string, string> => ({
  'edgelab.image': name,
  'edgelab.inputs': addressOf(workshop, name).inputs,
});
