/**
 * A recipe that comes in several versions: its image.yaml names the component, `{kubernetes}`, where the version belongs, and
 * what is of one version only is in a folder of that name. What comes out is what a recipe of that version alone would be, so
 * its address depends on no other version.
 */
import { combineVersions, compiled, isCompiled, versions } from '../lib/versions.ts';
import type { ChosenVersions } from '../model/image.ts';
import type { RecipeFile } from './recipe.ts';

/** `{kubernetes}` is the version, `{kubernetes.minor}` its second number. */
const placeholder = /\{([a-z-]+)(\.minor)?\}/g;

/** The text with versions in it, and the version of the component that it names; undefined where it names none. */
export const inVersion = (text: string, chosen: ChosenVersions): { text: string; version?: string } => {
  let version: string | undefined;
  const filled = text.replace(placeholder, (written, component: string, minor?: string) => {
    if (!isCompiled(component)) return written;
    version = chosen[component] ?? versions[component][0];
    return minor === undefined ? version : (version.split('.')[1] ?? '');
  });
  return { text: filled, ...(version !== undefined && { version }) };
};

const versionFolder = /^\d+\.\d+\.\d+\//;

/** Files of no version, and those of this one as if they lay beside them; sorted by path. */
export const filesOf = (files: readonly RecipeFile[], version: string): RecipeFile[] =>
  files
    .filter(({ path }) => !versionFolder.test(path) || path.startsWith(`${version}/`))
    .map((file) => ({ ...file, path: file.path.replace(versionFolder, '') }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));

/** Every choice of one version for each component that is compiled. */
export const everyChoice = (): ChosenVersions[] =>
  combineVersions(compiled.map((component) => ({ component, versions: versions[component] })));
