import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { errorCodes } from '../../src/lib/error-codes.ts';
import { makeErrorsReference } from './errors-reference.ts';
import { matchGolden } from './golden.ts';

const folder = new URL('../topology/invalid/', import.meta.url);

/** Of each code the first block that a file made for it gives. */
const readExamples = (): Map<string, string> => {
  const examples = new Map<string, string>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
    const [code = ''] = name.split('-');
    const blocks = readFileSync(new URL(name, folder), 'utf8').split('\n\n');
    const block = blocks.find((text) => text.split(' ')[1] === code);
    if (block !== undefined && !examples.has(code)) examples.set(code, block.trimEnd().replace(/\n\d+ (?:error|warning)s?.*$/, ''));
  }
  return examples;
};

test('docs/reference/errors.md has every code as it is', async (t) => {
  await matchGolden(t, new URL('../../docs/reference/errors.md', import.meta.url), makeErrorsReference(readExamples()));
});

test('codes are a room and three digits, each explained in a sentence', (t) => {
  for (const [code, { text }] of Object.entries(errorCodes)) {
    t.regex(code, /^[A-Z]+\d{3}$/);
    t.regex(text, /^[A-Z][^\n]+\.$/, code);
  }
});
