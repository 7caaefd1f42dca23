/** The recipes of images/: read from their folders, checked, and put into build order. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { LabError } from '../lib/lab-error.ts';
import { readDocument } from '../lib/document.ts';
import type { ChosenVersions } from '../model/image.ts';
import { orderByDependencies } from './build-order.ts';
import { filesOf, inVersion } from './in-version.ts';
import { type Catalogue, type CatalogueEntry, type Recipe, type RecipeFile, recipeSchema } from './recipe.ts';

/** images/ of this package. */
export const recipesFolder = join(import.meta.dirname, '..', '..', 'images');

/** Reads the folder of recipes, as they are for these versions. Throws LabError IMAGE001 naming the file when a recipe is wrong. */
export const readCatalogue = async (folder: string = recipesFolder, versions: ChosenVersions = {}): Promise<Catalogue> => {
  const found = await readdir(folder, { withFileTypes: true });
  const names = found.filter((item) => item.isDirectory()).map((item) => item.name);
  const entries = await Promise.all(names.sort().map((name) => readEntry(name, join(folder, name), versions)));
  return orderByDependencies(entries);
};

const readEntry = async (name: string, folder: string, versions: ChosenVersions): Promise<CatalogueEntry> => {
  const found = await readFiles(folder);
  const source = found.find((file) => file.path === 'image.yaml');
  if (!source) throw new LabError('IMAGE001', `images/${name} has no image.yaml`, { hint: 'images/README.md shows how to add an image' });
  const { text, version } = inVersion(source.content.toString(), versions);
  const files = found.map((file) => (file === source ? { ...file, content: Buffer.from(text) } : file));
  const entry = { name, folder, files, recipe: parseRecipe(text, `images/${name}/image.yaml`) };
  return entry.recipe.kind === 'go' && version !== undefined
    ? { ...entry, versionFolder: join(folder, version), files: filesOf(files, version) }
    : entry;
};

/** Throws LabError IMAGE001 with the first problem and its line. */
export const parseRecipe = (text: string, file: string): Recipe => {
  const document = readDocument(text, file);
  const [broken] = document.diagnostics;
  if (broken) throw new LabError('IMAGE001', `${file}:${broken.place?.line ?? 1}: ${broken.message}`);
  const result = recipeSchema.safeParse(document.data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map((key) => (typeof key === 'symbol' ? String(key) : key));
  const { line } = document.keyPlace(path);
  throw new LabError('IMAGE001', `${file}:${line}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${issue?.message ?? 'not a recipe'}`);
};

const readFiles = async (folder: string): Promise<RecipeFile[]> => {
  const found = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = found.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name));
  return Promise.all(
    paths.sort().map(async (path) => ({
      path: relative(folder, path),
      executable: ((await stat(path)).mode & 0o100) !== 0,
      content: await readFile(path),
    })),
  );
};
