import test from 'ava';
import { runEdgelab } from './fake-cli.ts';

test('a --junit file that cannot be written is refused before anything starts', async (t) => {
  const { code, stderr } = await runEdgelab(['up', 'hosts-only', '--junit', '/nonexistent/folder/junit.xml']);
  t.is(code, 2);
  t.is(stderr, 'error CLI002 cannot use "/nonexistent/folder/junit.xml": there is no such file or folder\n');
});
