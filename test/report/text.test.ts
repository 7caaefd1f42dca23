import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { widthOf } from '../../src/lib/width.ts';
import { anyText } from '../lib/any-text.ts';
import { formatRoughly, formatSeconds, oneLine, truncate, wrap } from '../../src/report/text.ts';
import { shortenClaims } from '../../src/report/check-words.ts';

testProp(
  'wrapped lines fit and lose no word that fits',
  [fc.lorem({ maxCount: 30 }), fc.integer({ min: 12, max: 60 })],
  (t, text, width) => {
    const lines = wrap(text, width);
    t.true(lines.every((line) => widthOf(line) <= width));
    t.is(lines.join(' '), text);
  },
);

testProp('what is truncated fits', [anyText(), fc.integer({ min: 1, max: 20 })], (t, text, width) => {
  t.true(widthOf(truncate(oneLine(text), width)) <= width);
});

test('more lines than allowed end in an ellipsis', (t) => {
  t.deepEqual(wrap('one two three four', 5, 2), ['one', 'two…']);
});

test('one line keeps no escape code and no line break', (t) => {
  t.is(oneLine('a\r\n\u001B[2Jb\tc\u0007'), 'a b c');
});

const times = test.macro({
  title: (_, seconds: number) => `${seconds} seconds in words`,
  exec: (t, seconds: number, exactly: string, roughly: string) =>
    t.deepEqual([formatSeconds(seconds), formatRoughly(seconds)], [exactly, roughly]),
});
test(times, 0, '0.0 s', '0.0 s');
test(times, 9.94, '9.9 s', '9.9 s');
test(times, 41.23, '41.2 s', '41 s');
test(times, 99.96, '1 min 40 s', '1 min 40 s');
test(times, 125, '2 min 5 s', '2 min 5 s');

const claims = test.macro({
  title: (_, given: string[]) => `the claims ${given.join(', ') || 'none'} in short`,
  exec: (t, given: string[], expected: string) => t.is(shortenClaims(given), expected),
});
test(claims, [], '');
test(claims, ['S000-Q1-7'], 'S000-Q1-7');
test(claims, ['S000-Q1-7', 'S000-Q1-9', 'S000-ENV-1', 'S000-Q1-2'], 'S000-Q1-7,9 S000-ENV-1 S000-Q1-2');
test(claims, ['x', 'y'], 'x y');
