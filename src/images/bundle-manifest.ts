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
      /** Digest of the image's configuration, which names its layers by digest. */
      id: digest,
      sizeBytes: z.number(),
    }),
  ),
  /** The compressed archive of `docker save` that follows in the file. */
  archive: z.strictObject({ name: z.literal('images.tar.zst'), bytes: z.number(), digest }),
});

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

export const notABundle = (file: string): LabError =>
  new LabError('IMAGE002', `${file} is not a bundle of images`, { hint: 'a bundle is made by: edgelab images save FILE' });

/** Throws LabError IMAGE002 naming the images whose digest in the engine is not the one of the manifest. */
export const checkLoaded = (manifest: BundleManifest, loaded: ReadonlyMap<string, string>, file: string): void => {
  const wrong = manifest.images.filter(({ ref, id }) => loaded.get(ref) !== id);
  if (wrong.length === 0) return;
  throw new LabError('IMAGE002', `${file} loaded other images than its manifest lists: ${wrong.map(({ ref }) => ref).join(', ')}`);
};
