import { spawn } from 'node:child_process';
import test from 'ava';
import { meterProgram } from '../../src/scenario/meter-program.ts';

const perl = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = spawn('perl', ['-', ...args]);
    const seen = { stdout: '', stderr: '' };
    child.stdout.on('data', (text: Buffer) => (seen.stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (seen.stderr += text.toString()));
    child.on('close', (code) => resolve({ code, ...seen }));
    child.stdin.end(meterProgram);
  });

test('round trips and throughput of a server on this machine', async (t) => {
  const port = String(20_000 + (process.pid % 10_000));
  const server = await perl('serve', port);
  t.is(server.code, 0, server.stderr);
  t.teardown(() => process.kill(Number(server.stdout)));
  const { code, stdout, stderr } = await perl('ask', '127.0.0.1', port, '1', '5');
  t.is(code, 0, stderr);
  const figures = JSON.parse(stdout) as Record<string, number>;
  t.true(figures['roundTrips']! > 100);
  t.true(figures['p50Ms']! > 0 && figures['p99Ms']! >= figures['p50Ms']!);
  t.true(figures['upMbit']! > 10 && figures['downMbit']! > 10);
});

test('where nobody answers there are no figures, and its own exit code', async (t) => {
  const { code, stdout, stderr } = await perl('ask', '127.0.0.1', '1', '1', '0');
  t.is(code, 3);
  t.is(stdout, '');
  t.regex(stderr, /Connection refused/);
});
