import test from 'ava';
import { findCriticalPath } from '../../src/report/critical-path.ts';
import type { StepRecord } from '../../src/report/run-record.ts';

const steps = (...given: [id: string, needs: string[], finishedAt?: number][]): Map<string, StepRecord> =>
  new Map(
    given.map(([id, needs, finishedAt]) => [
      id,
      {
        step: { id, title: id, phase: 'p', needs, action: { do: 'network', network: 'n' }, timeoutSeconds: 1 },
        startedAt: 0,
        ...(finishedAt === undefined ? {} : { finishedAt }),
      },
    ]),
  );

test('the path goes from the last step back through what each one waited for longest', (t) => {
  const path = findCriticalPath(steps(['a', [], 1], ['b', [], 5], ['c', ['a', 'b'], 7], ['d', ['a'], 6]));
  t.deepEqual([...path], ['c', 'b']);
});

test('steps that never ended decide nothing', (t) => {
  t.deepEqual([...findCriticalPath(steps(['a', [], 1], ['b', ['a']]))], ['a']);
  t.deepEqual([...findCriticalPath(steps(['a', []]))], []);
});

test('needs in a circle do not hang it', (t) => {
  t.is(findCriticalPath(steps(['a', ['b'], 1], ['b', ['a'], 2])).size, 2);
});
