import test from 'ava';
import { findNatPreset, makeRuleset, natPresets } from '../../src/nat/nat.ts';
import { matchGolden } from '../lib/golden.ts';

const at = {
  wan: '45.77.0.2',
  lanSubnet: '192.168.1.0/24',
  pairs: [
    { inside: '192.168.1.11', outside: '45.77.0.2' },
    { inside: '192.168.1.12', outside: '45.77.0.3' },
  ],
  subscribers: ['192.168.1.11', '192.168.1.12'],
};

for (const { name, behaviour } of natPresets)
  test(`the rules of a ${name} router are as they were reviewed`, (t) =>
    matchGolden(t, new URL(`goldens/${name}.nft`, import.meta.url), makeRuleset(behaviour, at)));

test('every preset is found by its name and aliases, and no word means two presets', (t) => {
  const words = natPresets.flatMap(({ name, aliases }) => [name, ...aliases]);
  t.is(new Set(words).size, words.length);
  for (const preset of natPresets) for (const word of [preset.name, ...preset.aliases]) t.is(findNatPreset(word), preset);
  t.is(findNatPreset('symetric'), undefined);
});

test('every preset says which device behaves so', (t) => {
  for (const { like } of natPresets) t.true(like.length > 10);
});
