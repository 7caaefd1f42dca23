/** The recipes of images/: read from their folders, checked, and put into build order. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { LabError } from '../lib/lab-error.ts';
import { readDocument } from '../lib/document.ts';
import { orderByDependencies } from './build-order.ts';
import { type Catalogue, type CatalogueEntry, type Recipe, type RecipeFile, recipeSchema } from './recipe.ts';

/** images/ of this package. */
export const recipesFolder = join(import.meta.dirname, '..', '..', 'images');

/** Reads the folder of recipes. Throws LabError IMAGE001 naming the file when a recipe is wrong. */
export const readCatalogue = async (folder: string = recipesFolder): Promise<Catalogue> => {
  const found = await readdir(folder, { withFileTypes: true });
  const names = found.filter((item) => item.isDirectory()).map((item) => item.name);
  const entries = await Promise.all(names.sort().map((name) => readEntry(name, join(folder, name))));
  return orderByDependencies(entries);
};

const readEntry = async (name: string, folder: string): Promise<CatalogueEntry> => {
  const files = await readFiles(folder);
  const source = files.find((file) => file.path === 'image.yaml');
  if (!source) throw new LabError('IMAGE001', `images/${name} has no image.yaml`, { hint: 'images/README.md shows how to add an image' });
  return { name, folder, files, recipe: parseRecipe(source.content.toString(), `images/${name}/image.yaml`) };
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
