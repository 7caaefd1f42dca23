import { EventEmitter } from 'node:events';
import test from 'ava';
import { catchInterrupts } from '../../src/cli/interrupt.ts';

const listen = (cleanup: string | undefined, ignored = false) => {
  const target = new EventEmitter();
  const said: string[] = [];
  const left: number[] = [];
  const interruption = catchInterrupts(target, {
    ...{
      say: (text) => said.push(text),
      ignore: () => ignored,
      cleanup: () => cleanup,
      leave: (code, words) => (left.push(code), said.push(words)),
    },
  });
  return { target, said, left, interruption };
};

test('the first Ctrl-C aborts and lets the work clean up', (t) => {
  const { target, said, left, interruption } = listen('./edgelab down x');
  target.emit('SIGINT');
  t.true(interruption.signal.aborted);
  t.deepEqual(left, []);
  t.regex(said.join(), /cleaning up \(Ctrl-C again to leave at once\)/);
});

test('the second Ctrl-C leaves and prints the command that cleans up', (t) => {
  const { target, said, left } = listen('./edgelab down x');
  target.emit('SIGINT');
  target.emit('SIGINT');
  t.deepEqual(left, [130]);
  t.regex(said.at(-1) ?? '', /left as it is; clean up with: \.\/edgelab down x/);
});

test('a terminal that hangs up and a polite kill are interruptions too', (t) => {
  for (const signal of ['SIGTERM', 'SIGHUP']) {
    const { target, interruption } = listen(undefined);
    target.emit(signal);
    t.true(interruption.signal.aborted, signal);
  }
});

test('Ctrl-C for a program inside a lab is not for edgelab', (t) => {
  const { target, said, interruption } = listen('./edgelab down x', true);
  target.emit('SIGINT');
  t.false(interruption.signal.aborted);
  t.deepEqual(said, []);
});

test('nobody listens after stop', (t) => {
  const { target, interruption } = listen(undefined);
  interruption.stop();
  target.emit('SIGINT');
  t.false(interruption.signal.aborted);
});
