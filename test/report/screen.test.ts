import test from 'ava';
import { makeScreen } from '../../src/report/screen.ts';

const open = () => {
  const written: string[] = [];
  const screen = makeScreen(
    (text) => written.push(`out ${text}`),
    (text) => written.push(`err ${text}`),
  );
  return { screen, written };
};

test('what is written while nothing is live appears at once', (t) => {
  const { screen, written } = open();
  screen.err(['a', 'b']);
  screen.out([]);
  t.deepEqual(written, ['err a\nb\n']);
});

test('what is written while a display is live appears after it, in order', async (t) => {
  const { screen, written } = open();
  const first = Promise.withResolvers<undefined>();
  screen.during(async () => {
    await first.promise;
    written.push('first over');
  });
  screen.out(['a']);
  screen.during(async () => void written.push('second over'));
  screen.err(['b']);
  t.deepEqual(written, []);
  first.resolve(undefined);
  await screen.settle();
  t.deepEqual(written, ['first over', 'out a\n', 'second over', 'err b\n']);
  screen.out(['c']);
  t.is(written.at(-1), 'out c\n', 'and then at once again');
});
