import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { makeFramed, signOf } from '../../../src/engine/docker/framed.ts';

const sign = signOf('8c1f');

/** What is told of these bytes, fed in pieces of one length. */
function read(bytes: Buffer, length = bytes.length): { begun: number; written: Buffer; codes: number[] } {
  const told = { begun: 0, written: [] as Uint8Array[], codes: [] as number[] };
  const take = makeFramed(sign, {
    begun: () => (told.begun += 1),
    write: (payload) => told.written.push(payload),
    ended: (code) => told.codes.push(code),
  });
  for (let at = 0; at < bytes.length; at += length) take(bytes.subarray(at, at + length));
  return { ...told, written: Buffer.concat(told.written) };
}

const payload = fc
  .oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    // beginnings of signs that are none
    fc
      .array(fc.constantFrom('\u0001', '\u00018', '\u00018c1', '8c1f\n', '\n', '\u00018c1e 0\n'))
      .map((parts) => Buffer.from(parts.join(''))),
  )
  .filter((bytes) => !bytes.includes(sign));

testProp(
  'a payload is whole, byte for byte, wherever the output is cut',
  [payload, payload, fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 20 })],
  (t, stray, given, code, length) => {
    const bytes = Buffer.concat([stray, Buffer.from(`${sign}\n`), given, Buffer.from(`${sign} ${String(code)}\n`), stray]);
    t.deepEqual(read(bytes, length), { begun: 1, written: given, codes: [code] });
  },
);

test('what is there is told at once, a line end too', (t) => {
  t.is(read(Buffer.from(`${sign}\nbegun\n`)).written.toString(), 'begun\n');
});

test('a command that has not ended has no code', (t) => {
  t.deepEqual(read(Buffer.from(`${sign}\nhalf${sign} 1`)).codes, []);
  t.deepEqual(read(Buffer.from(sign)), { begun: 0, written: Buffer.alloc(0), codes: [] });
});
