import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const root = fileURLToPath(new URL('../..', import.meta.url));
const command = '"$0" src/cli/main.ts plan two-lans --json | { sleep 1; cat; }';

test('a document longer than a pipe holds arrives whole, however slowly it is read', async (t) => {
  const { stdout } = await promisify(execFile)('sh', ['-c', command, process.execPath], { cwd: root, maxBuffer: 2 ** 24 });
  t.true(stdout.length > 65_536, 'it would not fit');
  t.notThrows(() => JSON.parse(stdout) as unknown);
});
