/**
 * A worker thread for each test file costs more than the tests in it, and one for each room half as much as all tests: each
 * loads ava, fast-check and most of src/ anew. So ava is given one file per thread (test/threads), and that file imports the
 * tests of its rooms. A file can still be run alone: `npx ava test/lib/ip.test.ts`.
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const tests = new URL('../', import.meta.url);

/** What runs beside what: rooms that start programs or wait for time are not held up by those that compute without a pause. */
export const threads = {
  effects: ['bench', 'cli', 'engine', 'host', 'probes', 'run', 'scenario'],
  topology: ['topology'],
  pure: ['claims', 'components', 'evidence', 'images', 'lib', 'links', 'nat', 'nodes', 'plan', 'report'],
} as const;

/** At once and in order, as ava wants tests declared: none of the files may await anything at its top. */
export const importThread = (thread: keyof typeof threads): void => threads[thread].forEach(importTests);

const importTests = (room: string): void => {
  for (const file of (readdirSync(new URL(room, tests), { recursive: true }) as string[]).toSorted())
    if (file.endsWith('.test.ts')) require(`../${room}/${file}`);
};

/** Rooms whose tests need no Docker. */
export const listRooms = (): string[] => readdirSync(tests).filter((name) => !['integration', 'e2e', 'threads'].includes(name));
