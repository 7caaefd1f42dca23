import { readFileSync } from 'node:fs';
import test from 'ava';
import { describeNat, gridKinds, natPresets } from '../../src/nat/nat.ts';

const page = readFileSync(new URL('../../docs/nat.md', import.meta.url), 'utf8');

test('docs/nat.md has the row of every preset, as the registry says it', (t) => {
  for (const { name, like, behaviour } of natPresets) t.true(page.includes(`| \`${name}\` | ${describeNat(behaviour)} | ${like} |`), name);
});

test('docs/nat.md shows a grid of the kinds there are', (t) => {
  for (const { name } of gridKinds) t.regex(page, new RegExp(`^[A-Z] ${name} +[+-]`, 'm'));
});
