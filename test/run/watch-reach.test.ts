import test from 'ava';
import { makeReader, type Reaction } from '../../src/run/watch-reach.ts';

const read = (...lines: [seconds: number, text: string][]): string[] => {
  const seen: Reaction[] = [];
  const reader = makeReader((reaction) => seen.push(reaction));
  for (const [seconds, text] of lines) reader(`[${(1000 + seconds).toFixed(6)}] ${text}`);
  return seen.map(({ at, state }) => `${at - 1_000_000} ${state}`);
};
const answer = (number: number) => `64 bytes from 45.77.0.10: icmp_seq=${number} ttl=62 time=0.1 ms`;
const nothing = (number: number) => `no answer yet for icmp_seq=${number}`;

test('what answers from the beginning is said once', (t) => {
  t.deepEqual(read([0, answer(1)], [0.1, answer(2)], [0.2, answer(3)]), ['0 answers']);
});

test('a short gap is told when it is over, from the first unanswered request on', (t) => {
  t.deepEqual(read([0, answer(1)], [0.2, nothing(2)], [0.3, nothing(3)], [0.4, answer(5)]), ['0 answers', '100 silent', '400 answers']);
});

test('a slow link is not silent', (t) => {
  t.deepEqual(read([0.4, answer(1)], [0.41, nothing(5)], [0.5, answer(2)], [0.51, nothing(6)], [0.6, answer(3)]), ['400 answers']);
});

test('a long silence is told while it lasts', (t) => {
  const waits = Array.from({ length: 15 }, (_, index) => [0.2 + index / 10, nothing(2 + index)] as [number, string]);
  t.deepEqual(read([0, answer(1)], ...waits), ['0 answers', '100 silent']);
});

test('what never answered is silent from the beginning', (t) => {
  const waits = Array.from({ length: 15 }, (_, index) => [index / 10, nothing(1 + index)] as [number, string]);
  t.deepEqual(read(...waits), ['0 silent']);
});

test('an answer that was overtaken, and words of others, tell nothing', (t) => {
  t.deepEqual(read([0, answer(1)], [0.1, answer(3)], [0.11, answer(2)], [0.2, 'From 192.168.1.1 icmp_seq=9 Time to live exceeded']), [
    '0 answers',
    '100 silent',
    '100 answers',
  ]);
});
