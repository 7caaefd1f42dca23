import test, { type ExecutionContext } from 'ava';
import { makeReporters } from '../../src/report/report.ts';
import { matchGolden } from '../lib/golden.ts';
import { goldenOf, readRecording, type Recording } from './recordings.ts';
import { makeTerminal } from './terminal.ts';

const open = (columns: number, color = false) => {
  const terminal = makeTerminal(columns);
  let now = 0;
  const reporters = makeReporters({ tty: true, json: false, color, stdout: terminal, stderr: terminal, now: () => now });
  return {
    terminal,
    on: (event: Parameters<(typeof reporters)[0]['on']>[0]) => {
      now = event.at;
      for (const reporter of reporters) reporter.on(event);
    },
    passTime: (milliseconds: number) => {
      now += milliseconds;
    },
    end: async () => {
      for (const reporter of reporters) await reporter.end();
    },
  };
};

const last = test.macro({
  title: (_, name: Recording) => `on a terminal a run that ${name} leaves this screen`,
  exec: async (t: ExecutionContext, name: Recording) => {
    const { terminal, on, end } = open(120);
    for (const event of await readRecording(name)) on(event);
    await end();
    await matchGolden(t, goldenOf(`${name}.tty.txt`), `${terminal.screen()}\n`);
    t.true(terminal.written().lastIndexOf('\u001B[?25h') >= terminal.written().lastIndexOf('\u001B[?25l'), 'the cursor is back');
  },
});
for (const name of ['passed', 'mistaken', 'failed', 'reused', 'down'] as const) test(last, name);

/** Waits for the display's own next frames. */
const nextFrame = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 600));

test('while it runs, phases that have not begun are not shown, and the slowest wait says what it waits for', async (t) => {
  const { terminal, on, end, passTime } = open(130);
  const events = await readRecording('failed');
  for (const event of events.slice(0, events.findIndex(({ type }) => type === 'up-finished') - 1)) on(event);
  passTime(7300);
  await nextFrame();
  const lines = terminal
    .screen()
    .split('\n')
    .map((line) => line.replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/, '⠿'));
  await end();
  t.deepEqual(
    lines.at(-1),
    '  ⠿ flannel on edges                         7 s   waiting for edge-a1 Ready: "edge-a1 NotReady: cni plugin not initialized"',
  );
  t.regex(lines.at(-2)!, /^ {2}✓ kubeedge 1\.23\.1, 1 edge joined\s+15\.0 s$/);
});

test('a line wider than the terminal is cut, not wrapped', async (t) => {
  const { terminal, on, end } = open(60);
  const events = await readRecording('failed');
  for (const event of events) on(event);
  await end();
  t.true(
    terminal
      .screen()
      .split('\n')
      .every((line) => line.length <= 60),
  );
});

test('without colour no colour code is written', async (t) => {
  const { terminal, on, end } = open(100);
  for (const event of await readRecording('mistaken')) on(event);
  await end();

  t.notRegex(terminal.written(), /\u001B\[[\d;]+m/);
});
