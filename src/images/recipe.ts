/** What one folder of images/ may say in its image.yaml: the recipe of an image as data. */
import { z } from 'zod';

const common = {
  /** One sentence for `images list`. */
  about: z.string(),
  /** `container`: runs as a lab container; `pod`: runs inside Kubernetes, so it belongs into the store; `build`: only others start from it. */
  use: z.enum(['container', 'pod', 'build']),
};

/** A Debian base system: the official image by digest where it can be had, else made by mmdebstrap. */
const debianRecipe = z.strictObject({
  ...common,
  kind: z.literal('debian'),
  suite: z.string(),
  official: z.string().regex(/^debian@sha256:[0-9a-f]{64}$/, 'must name the image debian by digest'),
});

/** A Dockerfile; each image it starts from reaches it as a build argument: `go-etcd` as `go_etcd`. */
const dockerfileRecipe = z.strictObject({
  ...common,
  kind: z.literal('dockerfile'),
  from: z.array(z.string()).default([]),
  /** Its tag inside Kubernetes: `edgelab/<name>:<tag>`. Needed exactly when `use` is `pod`. */
  tag: z.string().optional(),
});

/** Path of a file or folder inside a Go module. */
const moduleFile = { module: z.string(), source: z.string(), to: z.string() };

/** Programs compiled from the go.mod and go.sum of the folder; the image holds nothing but /bin and the files asked for. */
const goRecipe = z.strictObject({
  ...common,
  kind: z.literal('go'),
  /** Value of GOTOOLCHAIN: `local` is the builder's own. */
  toolchain: z.string().regex(/^(local|go\d+\.\d+\.\d+)$/),
  /** With C code they are linked statically all the same, so that they run on any Debian and from scratch. */
  cgo: z.boolean(),
  tags: z.array(z.string()).default([]),
  packages: z.array(z.string()).min(1),
  /** Name the compiler gives → name in /bin. */
  rename: z.record(z.string(), z.string()).default({}),
  /** Go variable → value, set by the linker. */
  stamps: z.record(z.string(), z.string()).default({}),
  /** Files and folders copied out of modules, e.g. manifests. */
  files: z.array(z.strictObject(moduleFile)).default([]),
  /** C programs of one file inside a module. */
  programs: z.array(z.strictObject({ ...moduleFile, defines: z.array(z.string()).default([]) })).default([]),
  /** Seconds a cold build took on 2 cores: longer ones start first. */
  coldSeconds: z.number(),
});

/** Of an image.yaml after its version is filled in (in-version.ts). */
export const recipeSchema = z
  .discriminatedUnion('kind', [debianRecipe, dockerfileRecipe, goRecipe])
  .refine((recipe) => recipe.kind !== 'dockerfile' || (recipe.use === 'pod') === (recipe.tag !== undefined), {
    message: '`tag` is for images with `use: pod`, and they need it',
    path: ['tag'],
  });

/** How one image is made, by `kind`. */
export type Recipe = z.infer<typeof recipeSchema>;
/** Of a base system. */
export type DebianRecipe = z.infer<typeof debianRecipe>;
/** Of an image that starts from others of ours. */
export type DockerfileRecipe = z.infer<typeof dockerfileRecipe>;
/** Of compiled Go programs. */
export type GoRecipe = z.infer<typeof goRecipe>;

/** The image every Go recipe is compiled in. */
export const builderName = 'builder';

/** Names of the images it starts from, in the recipe's order. */
export const dependenciesOf = (recipe: Recipe): string[] => {
  if (recipe.kind === 'dockerfile') return recipe.from;
  return recipe.kind === 'go' ? [builderName] : [];
};

/** `edgelab/<name>:<tag>` as Kubernetes asks for it; undefined for images that no pod runs. */
export const podReference = (name: string, recipe: Recipe): string | undefined =>
  recipe.kind === 'dockerfile' && recipe.tag !== undefined ? `edgelab/${name}:${recipe.tag}` : undefined;

/** A file of an image's folder: all of them count in its address. */
export type RecipeFile = {
  /** Relative to the image's folder. */
  path: string;
  executable: boolean;
  content: Buffer;
};

/** One folder of images/, as it is in the versions that were chosen. */
export type CatalogueEntry = {
  name: string;
  /** Absolute path of its folder, which is also the build context. */
  folder: string;
  /** Absolute path of what it has for its version only: of a Go recipe that comes in several. */
  versionFolder?: string;
  recipe: Recipe;
  /** All files of the folder as they are for its version, sorted by path. */
  files: RecipeFile[];
};

/** Name → entry, in build order: what an image starts from comes before it. */
export type Catalogue = ReadonlyMap<string, CatalogueEntry>;
