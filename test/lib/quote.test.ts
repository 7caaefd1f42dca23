import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { execa } from 'execa';
import { quoteWord, quoteWords } from '../../src/lib/quote.ts';

const argument = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0') && text.isWellFormed());

testProp(
  'sh reads quoted words as exactly the words they were',
  [fc.array(argument, { minLength: 1, maxLength: 20 })],
  async (t, words) => {
    const { stdout } = await execa('sh', ['-c', `printf '%s\\0' ${quoteWords(words)}`], { stripFinalNewline: false });
    t.deepEqual(stdout.split('\0').slice(0, -1), words);
  },
  { numRuns: 40 },
);

test('plain words stay readable, an empty one is kept', (t) => {
  t.is(quoteWords(['curl', '--max-time', 'http://10.0.0.1:80/x', '', "it's"]), `curl --max-time http://10.0.0.1:80/x '' 'it'\\''s'`);
});

test('what no program can be given is refused', (t) => {
  t.throws(() => quoteWord('a\0b'), { instanceOf: TypeError });
});
