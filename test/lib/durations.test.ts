import test from 'ava';
import { readDuration } from '../../src/lib/durations.ts';

test('durations are numbers with a unit, and may be negative', (t) => {
  t.deepEqual(['500ms', '30s', '1.5m', '1h', '-5s', '0s'].map(readDuration), [500, 30_000, 90_000, 3_600_000, -5000, 0]);
  t.deepEqual(['soon', '30', 's', '', '5 s', '5d'].map(readDuration), Array(6).fill(undefined));
});
