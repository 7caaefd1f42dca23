/**
 * A worker thread for each test file costs more than the tests in it, so ava is given one file per room, and that file
 * imports the room's tests. A file can still be run alone: `npx ava test/lib/ip.test.ts`.
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const tests = new URL('../', import.meta.url);

/** At once and in order, as ava wants tests declared: none of the files may await anything at its top. */
export const importTests = (room: string): void => {
  for (const file of (readdirSync(new URL(room, tests), { recursive: true }) as string[]).toSorted())
    if (file.endsWith('.test.ts')) require(`../${room}/${file}`);
};

/** Rooms whose tests need no Docker. */
export const listRooms = (): string[] => readdirSync(tests).filter((name) => !['integration', 'e2e', 'rooms'].includes(name));
