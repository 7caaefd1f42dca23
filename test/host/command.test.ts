import test from 'ava';
import { runCommand } from '../../src/host/command.ts';

test('a program that fails is a result', async (t) => {
  const { code, stdout, stderr } = await runCommand(['sh', '-c', 'echo out; echo err >&2; exit 7']);
  t.deepEqual({ code, stdout, stderr }, { code: 7, stdout: 'out', stderr: 'err' });
});

test('a program that is not there is a result', async (t) => {
  t.is((await runCommand(['/nonexistent/program'])).code, 127);
});

test('lines come while it runs, from both streams', async (t) => {
  const lines: string[] = [];
  await runCommand(['sh', '-c', 'echo a; echo b >&2; printf c'], { onLine: (line, stream) => lines.push(`${stream} ${line}`) });
  t.deepEqual(lines.toSorted(), ['stderr b', 'stdout a', 'stdout c']);
});

test('a program that takes too long is ended', async (t) => {
  const { code, seconds } = await runCommand(['sleep', '20'], { timeoutSeconds: 0.1 });
  t.is(code, 124);
  t.true(seconds < 10);
});

test('a program is ended when its signal aborts', async (t) => {
  const controller = new AbortController();
  const running = runCommand(['sh', '-c', 'echo up; sleep 20'], { signal: controller.signal, onLine: () => controller.abort() });
  t.is((await running).code, 130);
});

test('input reaches stdin, and without input stdin is empty', async (t) => {
  t.is((await runCommand(['cat'], { input: 'hello' })).stdout, 'hello');
  t.is((await runCommand(['cat'])).stdout, '');
});
