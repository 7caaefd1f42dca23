import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { readCitations } from '../../src/cli/run-records.ts';
import { seeds } from '../../src/claims/claims.ts';
import { root } from '../cli/fake-cli.ts';

const claims = seeds.flatMap((seed) => seed.claims);

test('the catalogue has every claim of the five seed documents once', (t) => {
  t.deepEqual(
    seeds.map((seed) => seed.claims.length),
    [48, 36, 24, 27, 21],
  );
  t.is(new Set(claims.map(({ id }) => id)).size, 156);
  for (const seed of seeds) for (const { id } of seed.claims) t.true(id.startsWith(`${seed.id}-`), id);
});

test('what is wrong as a whole says why', (t) => {
  for (const { id, mark, wrong } of claims) if (mark === 'wrong') t.truthy(wrong, id);
});

test('each claim that a scenario cites is in the catalogue', async (t) => {
  const known = new Set(claims.map(({ id }) => id));
  for (const [scenario, cited] of await readCitations({ root })) {
    t.deepEqual(
      [...cited].filter((id) => !known.has(id)),
      [],
      scenario,
    );
  }
});

test('no file beside the scenarios cites a claim without belonging to one', async (t) => {
  const cited = new Set([...(await readCitations({ root })).values()].flatMap((ids) => [...ids]));
  const folder = new URL('../../scenarios/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const name of files) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    for (const [, id = ''] of text.matchAll(/'(S\d{3}-[A-Z0-9-]*\d)'/g)) t.true(cited.has(id), `${name}: ${id}`);
  }
  // a list to work on, not a failure: the catalogue is larger than the scenarios yet
  const open = claims.filter(({ id, untestable }) => !cited.has(id) && untestable === undefined).map(({ id }) => id);
  t.log(`${open.length} of ${claims.length} claims are cited by no scenario: ${open.join(' ')}`);
});
