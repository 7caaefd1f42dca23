/**
 * One file with all images of a lab, for machines without network. It is a tar archive of two entries: the manifest,
 * then `docker save` compressed by zstd. The manifest is written last, into the room kept for it in front.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { drainDocker, feedDocker } from '../host/host.ts';
import { LabError } from '../lib/lab-error.ts';
import { messageOf } from '../lib/message-of.ts';
import { ensureImages } from './build-images.ts';
import { checkLoaded, notABundle, parseManifest, type BundleManifest } from './bundle-manifest.ts';
import { findExternal } from './external.ts';
import type { ImageOptions } from './image-options.ts';
import { inspectImages, localImages } from './local-images.ts';
import { publishedImages } from './published.ts';
import { runtimeNames } from './runtime-names.ts';
import { makeTarHeader, readTarHeader, tarBlock, tarEntryBytes } from './tar-header.ts';
import { addressOf, everyRef, openWorkshop } from './workshop.ts';

const manifestName = 'edgelab-bundle.json';
const archiveName = 'images.tar.zst';
const noDigest = `sha256:${'0'.repeat(64)}`;
/** A manifest beyond this is none. */
const longestManifest = 2 ** 20;

/** What goes into a bundle, and how what is missing is built. */
export type BundleOptions = ImageOptions & {
  /** Images to bundle, published ones by their reference; those of labs (containers and pods) when absent. */
  names?: readonly string[];
};

/**
 * Writes a bundle, building what is missing first. Throws LabError IMAGE001, IMAGE004, IMAGE005 (file exists, disk full)
 * or ENGINE001; then no half file is left.
 */
export const saveBundle = async (file: string, options: BundleOptions = {}): Promise<BundleManifest> => {
  const { signal } = options;
  const workshop = await openWorkshop(options);
  const wanted = options.names ?? [...runtimeNames(workshop.catalogue), ...Object.keys(publishedImages)];
  const names = wanted.filter((name) => !(name in publishedImages));
  await ensureImages(names, options);
  const inspected = await inspectImages(
    names.map((name) => addressOf(workshop, name).ref),
    signal,
  );
  const ours = inspected.map(({ ref, layers, sizeBytes }, index) => ({ name: names[index]!, ref, layers, sizeBytes }));
  const published = wanted.filter((name) => name in publishedImages);
  const images = [...ours, ...(await inspectPublished(published, signal))];
  // Never over a file that is there.
  const created = await open(file, 'wx').catch((error: unknown) => fileFailed(file, 'written', error));
  await created.close();
  try {
    const draft: BundleManifest = { format: 'edgelab-bundle-1', images, archive: { name: archiveName, bytes: 0, digest: noDigest } };
    const room = Buffer.byteLength(toText(draft, 0));
    const refs = images.map(({ ref }) => ref);
    const archive = await writeArchive(file, tarEntryBytes(room) + tarBlock, refs, signal);
    const manifest: BundleManifest = { ...draft, archive: { name: archiveName, ...archive } };
    await frameArchive(file, toText(manifest, room), archive.bytes);
    return manifest;
  } catch (error) {
    await rm(file, { force: true });
    // A full disk is the likeliest of what the file system says here.
    if (error instanceof Error && 'syscall' in error) fileFailed(file, 'written', error);
    throw error;
  }
};

/** Published images that are here go along; one that is not is nobody's fault. */
const inspectPublished = async (refs: readonly string[], signal: AbortSignal | undefined): Promise<BundleManifest['images']> => {
  const { present } = await findExternal(refs, signal);
  const inspected = await inspectImages(
    present.map(({ ref }) => ref),
    signal,
  );
  return inspected.map(({ ref, layers, sizeBytes }) => ({ name: ref.replace(/:[^:/]*$/, ''), ref, layers, sizeBytes }));
};

const fileFailed = (file: string, what: 'read' | 'written', cause: unknown): never => {
  const why = messageOf(cause);
  throw new LabError('IMAGE005', `${file} cannot be ${what}: ${why}`, {}, { cause });
};

/** Writes what is around the archive: manifest and headers in front, padding and the two empty blocks that end a tar behind. */
const frameArchive = async (file: string, manifest: string, archiveBytes: number): Promise<void> => {
  const archiveAt = tarEntryBytes(Buffer.byteLength(manifest));
  const handle = await open(file, 'r+');
  try {
    const front = Buffer.concat([makeTarHeader(manifestName, Buffer.byteLength(manifest)), Buffer.from(manifest)]);
    await handle.write(front, 0, front.length, 0);
    await handle.write(makeTarHeader(archiveName, archiveBytes), 0, tarBlock, archiveAt);
    await handle.truncate(archiveAt + tarEntryBytes(archiveBytes) + 2 * tarBlock);
  } finally {
    await handle.close();
  }
};

/** Ends with spaces up to `room`, plus what a longer number of bytes may need, so that it can be rewritten in place. */
const toText = (manifest: BundleManifest, room: number): string => {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return room === 0 ? text.padEnd(text.length + 16) : text.padEnd(room);
};

type Archive = { bytes: number; digest: string };

const writeArchive = async (file: string, start: number, refs: readonly string[], signal: AbortSignal | undefined): Promise<Archive> => {
  const compress = createZstdCompress();
  const meter = makeMeter();
  const target = createWriteStream(file, { flags: 'r+', start });
  await Promise.all([drainDocker(['save', ...refs], compress, signal), pipeline(compress, meter.stream, target)]);
  return meter.read();
};

/** Counts and hashes what flows through. */
const makeMeter = (): { stream: Transform; read: () => Archive } => {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length;
      hash.update(chunk);
      next(null, chunk);
    },
  });
  return { stream, read: () => ({ bytes, digest: `sha256:${hash.digest('hex')}` }) };
};

/** What was loaded, and how it fits this edgelab. */
export type LoadedBundle = {
  manifest: BundleManifest;
  /** Images that this edgelab does not use: the bundle was made by another version. */
  foreign: string[];
  /** Images of labs that it lacks and that are not here either. */
  missing: string[];
};

/**
 * Checks a bundle against its manifest and loads it into the engine. Throws LabError IMAGE005 when the file cannot be
 * read, IMAGE002 when it is damaged, before anything of it is loaded.
 */
export const loadBundle = async (file: string, options: ImageOptions = {}): Promise<LoadedBundle> => {
  const { signal } = options;
  const { manifest, start } = await readManifest(file);
  const range = { start, end: start + manifest.archive.bytes - 1, ...(signal && { signal }) };
  const meter = makeMeter();
  await pipeline(createReadStream(file, range), meter.stream.resume());
  const found = meter.read();
  if (found.digest !== manifest.archive.digest || found.bytes !== manifest.archive.bytes) {
    throw new LabError('IMAGE002', `${file} is damaged: its archive has ${found.digest}, its manifest says ${manifest.archive.digest}`);
  }
  const decompress = createZstdDecompress();
  await Promise.all([pipeline(createReadStream(file, range), decompress), feedDocker(['load', '--quiet'], decompress, signal)]);
  const refs = manifest.images.map(({ ref }) => ref);
  checkLoaded(manifest, new Map((await inspectImages(refs, signal)).map(({ ref, layers }) => [ref, layers])), file);
  return { manifest, ...(await compareWithCatalogue(refs, options)) };
};

const compareWithCatalogue = async (refs: readonly string[], options: ImageOptions): Promise<Pick<LoadedBundle, 'foreign' | 'missing'>> => {
  const workshop = await openWorkshop(options);
  const ours = new Set([...(await everyRef(options)), ...Object.keys(publishedImages)]);
  const local = await localImages(options.signal);
  const missing = runtimeNames(workshop.catalogue).filter((name) => !local.has(addressOf(workshop, name).ref));
  return { foreign: refs.filter((ref) => !ours.has(ref)), missing };
};

const readManifest = async (file: string): Promise<{ manifest: BundleManifest; start: number }> => {
  const handle = await open(file, 'r').catch((error: unknown) => fileFailed(file, 'read', error));
  try {
    const read = async (at: number, bytes: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, at);
      return buffer.subarray(0, bytesRead);
    };
    const first = readTarHeader(await read(0, tarBlock));
    if (first?.name !== manifestName || first.contentBytes > longestManifest) throw notABundle(file);
    const manifest = parseManifest((await read(tarBlock, first.contentBytes)).toString(), file);
    const archiveAt = tarEntryBytes(first.contentBytes);
    const second = readTarHeader(await read(archiveAt, tarBlock));
    if (second?.name !== archiveName || second.contentBytes !== manifest.archive.bytes) throw notABundle(file);
    return { manifest, start: archiveAt + tarBlock };
  } finally {
    await handle.close();
  }
};
