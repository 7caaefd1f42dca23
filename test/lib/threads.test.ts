import { readdirSync } from 'node:fs';
import test from 'ava';
import { listRooms, threads } from './import-tests.ts';

test('each room that has tests belongs to one thread', (t) => {
  t.deepEqual(Object.values(threads).flat().toSorted(), listRooms().toSorted());
});

test('each thread has its file in test/threads, and no other', (t) => {
  t.deepEqual(
    readdirSync(new URL('../threads', import.meta.url)).toSorted(),
    Object.keys(threads).map((thread) => `${thread}.ts`).toSorted(), // prettier-ignore
  );
});
