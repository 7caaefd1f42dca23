import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { checkLoaded, parseManifest, type BundleManifest } from '../../src/images/bundle-manifest.ts';
import { makeTarHeader, readTarHeader, tarEntryBytes } from '../../src/images/tar-header.ts';

const id = `sha256:${'a'.repeat(64)}`;
const manifest: BundleManifest = {
  format: 'edgelab-bundle-1',
  images: [{ name: 'node', ref: 'edgelab/node:0123456789ab', layers: [id], sizeBytes: 5 }],
  archive: { name: 'images.tar.zst', bytes: 7, digest: id },
};

testProp(
  'a tar header says again what it was made of',
  [fc.stringMatching(/^[a-z.]{1,99}$/), fc.integer({ min: 0, max: 2 ** 33 - 1 })],
  (t, name, contentBytes) => {
    t.deepEqual(readTarHeader(makeTarHeader(name, contentBytes)), { name, contentBytes });
  },
);

test('a block that is no tar header is told apart', (t) => {
  t.is(readTarHeader(Buffer.alloc(512, 'x')), undefined);
  t.is(readTarHeader(Buffer.alloc(3)), undefined);
});

test('an entry takes whole blocks', (t) => {
  t.is(tarEntryBytes(0), 512);
  t.is(tarEntryBytes(1), 1024);
  t.is(tarEntryBytes(512), 1024);
});

test('a manifest is read back as it was written', (t) => {
  t.deepEqual(parseManifest(`${JSON.stringify(manifest)}   \n`, 'f'), manifest);
});

const isNoManifest = test.macro((t, text: string) => {
  const error = t.throws(() => parseManifest(text, 'some.file'), { message: 'some.file is not a bundle of images' });
  t.is((error as Error & { code: string }).code, 'IMAGE002');
});
test('text is no manifest', isNoManifest, 'hello');
test('a later format is no manifest', isNoManifest, JSON.stringify({ ...manifest, format: 'edgelab-bundle-2' }));
test(
  'a digest that is none is no manifest',
  isNoManifest,
  JSON.stringify({ ...manifest, archive: { ...manifest.archive, digest: 'sha256:x' } }),
);

test('an image whose digest differs after loading is named', (t) => {
  t.notThrows(() => checkLoaded(manifest, new Map([['edgelab/node:0123456789ab', [id]]]), 'f'));
  t.throws(() => checkLoaded(manifest, new Map([['edgelab/node:0123456789ab', [`sha256:${'b'.repeat(64)}`]]]), 'f'), {
    message: /edgelab\/node:0123456789ab/,
  });
  t.throws(() => checkLoaded(manifest, new Map(), 'f'));
});
