import { readdirSync } from 'node:fs';
import { basename } from 'node:path';

const countTests = (file) => readdirSync(new URL(`test/${basename(file, '.ts')}`, import.meta.url), { recursive: true }).length;

// One worker thread per room (test/lib/import-tests.ts); those with most to do start first.
export default {
  files: ['test/rooms/*.ts'],
  sortTestFiles: (one, other) => (one.includes('/rooms/') ? countTests(other) - countTests(one) : 0),
  extensions: ['ts'],
  timeout: '1m',
};
