/** The shell script that compiles a Go recipe inside the builder: /src holds the recipe's folder, /out receives the image. */
import { dirname } from 'node:path/posix';
import type { GoRecipe } from './recipe.ts';

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** One `go build` for all packages, so that what they share is compiled once and linking overlaps compiling. */
export const compileScript = (recipe: GoRecipe): string =>
  [
    'set -eu',
    'mkdir -p /out/bin',
    goBuild(recipe),
    ...Object.entries(recipe.rename).map(([from, to]) => `mv ${quote(`/out/bin/${from}`)} ${quote(`/out/bin/${to}`)}`),
    ...recipe.files.map(
      ({ module, source, to }) =>
        `${moduleFolder(module)}; mkdir -p ${quote(dirname(`/out/${to}`))}; cp -r --no-preserve=mode "$folder"/${quote(source)} ${quote(`/out/${to}`)}`,
    ),
    ...recipe.programs.map(
      ({ module, source, to, defines }) =>
        `${moduleFolder(module)}; gcc -Os -static -s ${defines.map((define) => quote(`-D${define}`)).join(' ')} -o ${quote(`/out/${to}`)} "$folder"/${quote(source)}`,
    ),
  ].join('\n');

const goBuild = (recipe: GoRecipe): string => {
  const tags = [...(recipe.cgo ? ['netgo', 'osusergo'] : []), ...recipe.tags];
  const flags = [
    '-s -w',
    // Static although cgo: compiled on a newer Debian than the one it runs on.
    ...(recipe.cgo ? ['-linkmode=external -extldflags=-static'] : []),
    ...Object.entries(recipe.stamps).map(([variable, value]) => `-X ${variable}=${value}`),
  ];
  const words = ['go', 'build', '-tags', tags.join(','), '-gcflags=all=-dwarf=false', '-ldflags', flags.join(' '), '-o', '/out/bin/'];
  return [...words, ...recipe.packages].map(quote).join(' ');
};

/** Debug information is left out above because the linker drops it anyway; the module's folder is asked of Go itself. */
const moduleFolder = (module: string): string => `folder=$(go list -m -f '{{.Dir}}' ${quote(module)})`;
