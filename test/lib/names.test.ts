import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { listWords, nearestName, suggest } from '../../src/lib/names.ts';

const presets = ['full-cone', 'port-restricted', 'symmetric', 'masquerade'];

const meant = test.macro({
  exec: (t, word: string, expected: string | undefined) => t.is(nearestName(word, presets), expected),
  title: (_, word: string, expected: string | undefined) =>
    expected === undefined ? `"${word}" is near no preset` : `"${word}" most likely means "${expected}"`,
});

test(meant, 'symetric', 'symmetric');
test(meant, 'Symmetric', 'symmetric');
test(meant, 'symmertic', 'symmetric');
test(meant, 'fullcone', 'full-cone');
test(meant, 'port-resticted', 'port-restricted');
test(meant, 'masquerading', 'masquerade');
test(meant, 'upside-down', undefined);
test(meant, '', undefined);
test(meant, 'x'.repeat(100_000), undefined);

test('a one-letter name is never suggested for another', (t) => t.is(nearestName('a', ['b', 'c']), undefined));

test('a synonym means a candidate without looking like it', (t) => {
  const synonyms = { office: 'symmetric', ghost: 'gone' };
  t.is(nearestName('office', presets, synonyms), 'symmetric');
  t.is(nearestName('ghost', presets, synonyms), undefined);
  t.is(nearestName('constructor', presets, synonyms), undefined);
});

test('a suggestion begins a hint, or is nothing', (t) => {
  t.is(suggest('symetric', presets), 'did you mean "symmetric"? ');
  t.is(suggest('upside-down', presets), '');
});

test('words are listed as in a sentence', (t) => {
  t.deepEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listWords), ['', 'a', 'a and b', 'a, b and c']);
});

testProp(
  'one slip in a preset is always found',
  [fc.constantFrom(...presets), fc.nat(8), fc.constantFrom('x', 'y', 'z')],
  (t, name, at, letter) => {
    t.is(nearestName(name.slice(0, at) + letter + name.slice(at + 1), presets), name);
    t.is(nearestName(name.slice(0, at) + name.slice(at + 1), presets), name);
  },
);
