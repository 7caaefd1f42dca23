import { readdirSync } from 'node:fs';
import test from 'ava';
import { listRooms } from './import-tests.ts';

test('each room that has tests has its file in test/rooms, and no other', (t) => {
  t.deepEqual(
    readdirSync(new URL('../rooms', import.meta.url)).toSorted(),
    listRooms().map((room) => `${room}.ts`),
  );
});
