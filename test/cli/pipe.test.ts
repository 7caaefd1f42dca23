import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('a document longer than a pipe holds arrives whole, however slowly it is read', async (t) => {
  const child = spawn(process.execPath, ['src/cli/main.ts', 'plan', 'two-lans', '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  child.stdout.pause();
  await wait(1500);
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) text += String(chunk);
  t.deepEqual(await closed, [0, null]);
  t.true(text.length > 65_536, 'it would not fit');
  t.notThrows(() => JSON.parse(text) as unknown);
});
