import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { anyText } from '../lib/any-text.ts';
import { makeLineSplitter } from '../../src/engine/line-splitter.ts';

/** Cuts bytes into chunks of the given lengths, over and over. */
function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    chunks.push(bytes.slice(at, at + length));
    at += length;
  }
  return chunks;
}

testProp(
  'text and lines are the same wherever the bytes are cut',
  [fc.array(anyText()), fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 })],
  (t, parts, lengths) => {
    const text = parts.join('\n');
    const lines: string[] = [];
    const splitter = makeLineSplitter((line) => lines.push(line));
    for (const chunk of cut(new TextEncoder().encode(text), lengths)) splitter.push(chunk);
    t.is(splitter.end(), text);
    const expected = text.split('\n').map((line, i, all) => (i < all.length - 1 && line.endsWith('\r') ? line.slice(0, -1) : line));
    if (expected.at(-1) === '') expected.pop();
    t.deepEqual(lines, expected);
  },
);

test('bytes that are no UTF-8 become replacement characters', (t) => {
  const splitter = makeLineSplitter();
  splitter.push(Uint8Array.of(0x61, 0xff, 0x62));
  t.is(splitter.end(), 'a�b');
});
