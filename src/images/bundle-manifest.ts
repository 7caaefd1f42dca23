/** What a bundle says it holds, and the check of what it does hold. */
import { z } from 'zod';
import { LabError } from '../lib/lab-error.ts';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const schema = z.strictObject({
  format: z.literal('edgelab-bundle-1'),
  images: z.array(
    z.strictObject({
      name: z.string(),
      ref: z.string(),
      /** Digests of the unpacked layers, lowest first. */
      layers: z.array(digest),
      sizeBytes: z.number(),
    }),
  ),
  /** The compressed archive of `docker save` that follows in the file. */
  archive: z.strictObject({ name: z.literal('images.tar.zst'), bytes: z.number(), digest }),
});

/** The first entry of a bundle. Sizes in bytes; `archive.digest` is over the compressed archive. */
export type BundleManifest = z.infer<typeof schema>;

/** Throws LabError IMAGE002 when the text is not the manifest of a bundle. */
export const parseManifest = (text: string, file: string): BundleManifest => {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw notABundle(file);
  }
  const result = schema.safeParse(data);
  if (!result.success) throw notABundle(file);
  return result.data;
};

/** IMAGE002, with the command that makes one. */
export const notABundle = (file: string): LabError =>
  new LabError('IMAGE002', `${file} is not a bundle of images`, { hint: 'a bundle is made by: edgelab images save FILE' });

/** Throws LabError IMAGE002 naming the images whose layers in the engine are not those of the manifest. */
export const checkLoaded = (manifest: BundleManifest, loaded: ReadonlyMap<string, readonly string[]>, file: string): void => {
  const wrong = manifest.images.filter(({ ref, layers }) => loaded.get(ref)?.join() !== layers.join());
  if (wrong.length === 0) return;
  throw new LabError('IMAGE002', `${file} loaded other images than its manifest lists: ${wrong.map(({ ref }) => ref).join(', ')}`);
};
