/** `edgelab images`: list, build, bundle and move the images labs are made of. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ImageOptions, ListedImage } from '../../images/images.ts';
import { suggest } from '../../lib/names.ts';
import type { ChosenVersions } from '../../model/image.ts';
import { badInput } from '../bad-input.ts';
import { parseVersions, sayOtherVersions, sayVersions } from '../chosen-versions.ts';
import { note, print, printJson, wantsColor, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { asLabEvent } from '../prepare-images.ts';
import { openReport } from '../reporting.ts';
import { layTable, makePaint } from '../table.ts';

/** `with`: versions of Kubernetes and KubeEdge, where not the default. */
type Options = Shared & { with?: ChosenVersions };

/** Progress goes to stderr. BadInput CLI001 for an image that there is not. */
export const addImages = (program: Command, cli: Cli): void => {
  const images = program
    .command('images')
    .description('list, build, save, load, push and pull the images of labs')
    .enablePositionalOptions();
  const add = (usage: string, description: string): Command => shareOptions(images.command(usage).description(description));
  const addWith = (usage: string, description: string): Command =>
    add(usage, description).option('--with <versions>', 'in other versions, e.g. kubernetes=1.31.0,kubeedge=1.23.0', parseVersions);
  addWith('list', 'what images there are, and which of them are here').action(act<Options, []>(cli, (options) => list(cli, options)));
  addWith('build [name...]', 'build what is missing; without names, everything labs run').action(
    act<Options, [string[]]>(cli, (options, names) => build(cli, options, names)),
  );
  addWith('save <file> [name...]', 'write one file with all images, for machines without network').action(
    act<Options, [string, string[]]>(cli, (options, file, names) => save(cli, options, file, names)),
  );
  add('load <file>', 'take images from such a file').action(act<Shared, [string]>(cli, (options, file) => load(cli, options, file)));
  add('prune', 'remove what earlier versions of the recipes left').action(act<Shared, []>(cli, (options) => prune(cli, options)));
  addWith('push <registry> [name...]', 'put images into a registry, such as registry.example.org:5000').action(
    act<Options, [string, string[]]>(cli, (options, registry, names) => transfer(cli, options, 'push', registry, names)),
  );
  addWith('pull <registry> [name...]', 'take images from a registry').action(
    act<Options, [string, string[]]>(cli, (options, registry, names) => transfer(cli, options, 'pull', registry, names)),
  );
};

const prune = async (cli: Cli, options: Shared): Promise<number> => {
  const { pruneImages } = await import('../../images/images.ts');
  const removed = await pruneImages({ environment: cli.env, signal: cli.signal });
  if (options.json === true) printJson(cli, { ok: true, ...removed });
  else
    print(cli, `removed ${removed.images.length} images and ${removed.volumes.length} volumes that this version of edgelab does not use`);
  return 0;
};

const list = async (cli: Cli, options: Options): Promise<number> => {
  const { listImages, listPublished } = await import('../../images/images.ts');
  const images = await listImages(optionsFor(cli, options));
  const published = await listPublished(cli.signal);
  if (options.json === true) {
    printJson(cli, { images, published });
    return 0;
  }
  const paint = makePaint(wantsColor(cli, cli.stdout, options));
  const rows = images.map(({ name, ref, present, sizeBytes, about }) => [
    present ? paint('green', '✓') : paint('dim', '-'),
    name,
    ref.slice(ref.lastIndexOf(':') + 1),
    sizeBytes === undefined ? '' : `${Math.round(sizeBytes / 1e6)} MB`,
    about,
  ]);
  const others = published.map(({ ref, present, sizeBytes, about }) => [
    present ? paint('green', '✓') : paint('yellow', '-'),
    ...[ref.replace(/:[^:/]*$/, ''), ref.slice(ref.lastIndexOf(':') + 1)],
    sizeBytes === undefined ? '' : `${Math.round(sizeBytes / 1e6)} MB`,
    about,
  ]);
  const all = [...images, ...published];
  const here = all.filter(({ present }) => present).length;
  const told = [
    `${here} of ${all.length} images are here, of ${sayVersions(options.with ?? {})}.`,
    ...(options.with === undefined ? [`Labs can also have ${sayOtherVersions()}: --with shows their images.`] : []),
  ];
  print(cli, [layTable([...rows, ...others]), ...told].join('\n'));
  return 0;
};

const build = async (cli: Cli, options: Options, names: readonly string[]): Promise<number> => {
  const { ensureImages } = await import('../../images/images.ts');
  const wanted = await chooseImages(cli, options, names);
  const refs = await withProgress(cli, options, (tools) => ensureImages(wanted, tools));
  if (options.json === true) printJson(cli, { ok: true, images: Object.fromEntries(refs) });
  else print(cli, `${wanted.length} images are here.`);
  return 0;
};

const save = async (cli: Cli, options: Options, given: string, names: readonly string[]): Promise<number> => {
  const { publishedImages, saveBundle } = await import('../../images/images.ts');
  const published = names.filter((name) => name in publishedImages);
  const ours = names.filter((name) => !(name in publishedImages));
  const wanted = names.length > 0 ? { names: [...(ours.length > 0 ? await chooseImages(cli, options, ours) : []), ...published] } : {};
  const file = resolve(cli.cwd, given);
  const manifest = await withProgress(cli, options, (tools) => saveBundle(file, { ...tools, ...wanted }));
  if (options.json === true) printJson(cli, { ok: true, file, ...manifest });
  else print(cli, `${given}: ${manifest.images.length} images, ${Math.round(manifest.archive.bytes / 1e6)} MB, ${manifest.archive.digest}`);
  return 0;
};

const load = async (cli: Cli, options: Shared, given: string): Promise<number> => {
  const { loadBundle } = await import('../../images/images.ts');
  const file = resolve(cli.cwd, given);
  const { manifest, foreign, missing } = await withProgress(cli, options, (tools) => loadBundle(file, tools));
  if (options.json === true) printJson(cli, { ok: true, file, ...manifest, foreign, missing });
  else {
    print(cli, `${manifest.images.length} images loaded from ${given}.`);
    if (foreign.length > 0) print(cli, `not used by this version of edgelab: ${foreign.join(', ')}`);
    if (missing.length > 0) print(cli, `not in it, and to be built when wanted: ${missing.join(', ')}`);
  }
  return 0;
};

const transfer = async (cli: Cli, options: Options, way: 'push' | 'pull', registry: string, given: readonly string[]): Promise<number> => {
  const { ensureImages, pullImages, pushImages } = await import('../../images/images.ts');
  const names = await chooseImages(cli, options, given);
  if (way === 'push') await withProgress(cli, options, (tools) => ensureImages(names, tools));
  const move = way === 'push' ? pushImages : pullImages;
  const moved = await move(registry, {
    ...{ names, ...optionsFor(cli, options) },
    onEvent: ({ image, phase, done, total }) => phase === 'started' && note(cli, `${way}ing ${image} (${done + 1} of ${total})`),
  });
  if (options.json === true) printJson(cli, { ok: true, registry, images: moved });
  else if (moved.length === 0) print(cli, 'all images are here already.');
  else print(cli, layTable(moved.map(({ name, digest }) => [name, digest])));
  return 0;
};

/** The images that were named, else all that labs run. */
const chooseImages = async (cli: Cli, options: Options, names: readonly string[]): Promise<string[]> => {
  const { listImages } = await import('../../images/images.ts');
  const all = await listImages(optionsFor(cli, options));
  const unknown = names.find((name) => !all.some((image: ListedImage) => image.name === name));
  if (unknown !== undefined) {
    throw badInput(
      'CLI001',
      `there is no image "${unknown}"`,
      `${suggest(
        unknown,
        all.map(({ name }) => name),
      )}edgelab images list shows them all`,
    );
  }
  return names.length > 0 ? [...names] : all.filter(({ use }) => use !== 'build').map(({ name }) => name);
};

const optionsFor = (cli: Cli, options: Options): ImageOptions => ({
  ...{ environment: cli.env, signal: cli.signal },
  ...(options.with && { versions: options.with }),
});

const withProgress = async <T>(cli: Cli, options: Options, work: (tools: ImageOptions) => Promise<T>): Promise<T> => {
  const report = await openReport(cli, { ...options, json: false });
  return report.closeAfter(() => work({ ...optionsFor(cli, options), onEvent: (event) => report.emit(asLabEvent(event, cli.now())) }));
};
