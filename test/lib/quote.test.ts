import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { execa } from 'execa';
import { anyArgument } from './any-text.ts';
import { quoteWord, quoteWords } from '../../src/lib/quote.ts';

const argument = anyArgument({ maxLength: 40 });

testProp(
  'sh reads quoted words as exactly the words they were',
  [fc.array(argument, { minLength: 1, maxLength: 20 })],
  async (t, words) => {
    const { stdout } = await execa('sh', ['-c', `printf '%s\\0' first ${quoteWords(words)}`]); // not first themselves: execa drops a byte order mark
    t.deepEqual(stdout.split('\0').slice(0, -1), ['first', ...words]);
  },
  { numRuns: 40 },
);

test('plain words stay readable, an empty one is kept', (t) => {
  t.is(quoteWords(['curl', '--max-time', 'http://10.0.0.1:80/x', '', "it's"]), `curl --max-time http://10.0.0.1:80/x '' 'it'\\''s'`);
});

test('what no program can be given is refused', (t) => {
  t.throws(() => quoteWord('a\0b'), { instanceOf: TypeError });
});
