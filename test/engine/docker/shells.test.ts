import test from 'ava';
import type { Shell } from '../../../src/engine/docker/shell.ts';
import { makeShells } from '../../../src/engine/docker/shells.ts';

type Watched = Shell & { closed: boolean; end: () => void };

function makeShell(): Watched {
  let alive = true;
  const shell: Watched = {
    ...{
      exec: {
        inspect: () => {
          throw new Error('not here');
        },
      },
      closed: false,
      end: () => (alive = false),
    },
    ...{ alive: () => alive, run: () => { throw new Error('not here'); }, rest: () => undefined }, // prettier-ignore
    close: () => {
      shell.closed = true;
      alive = false;
    },
  };
  return shell;
}

test('a shell waits for the next command of its container, and of no other', (t) => {
  const shells = makeShells();
  const shell = makeShell();
  shells.give('a', shell);
  t.is(shells.take('b'), undefined);
  t.is(shells.take('a'), shell);
  t.is(shells.take('a'), undefined);
});

test('one that has ended is not given', (t) => {
  const shells = makeShells();
  const [one, other] = [makeShell(), makeShell()];
  shells.give('a', one);
  shells.give('a', other);
  other.end();
  t.is(shells.take('a'), one);
});

test('few of a container wait, and none of one that is stopped', (t) => {
  const shells = makeShells();
  const given = Array.from({ length: 5 }, makeShell);
  for (const shell of given) shells.give('a', shell);
  t.deepEqual(given.map(({ closed }) => closed), [false, false, false, true, true]); // prettier-ignore
  shells.close('a');
  t.true(given.every(({ closed }) => closed));
  t.is(shells.take('a'), undefined);
});
