import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import {
  describeLink,
  isPlain,
  linkFields,
  linkPresets,
  makeLink,
  plainLink,
  readField,
  readLinkWords,
  wishWords,
} from '../../src/links/links.ts';

const quantity = test.macro({
  title: (_, field: string, text: string) => `${field}=${text} is understood`,
  exec: (t, field: (typeof linkFields)[number], text: string, value: number) => t.is(readField(field, text), value),
});
test(quantity, 'delay', '15ms', 15);
test(quantity, 'delay', '0.3s', 300);
test(quantity, 'delay', '250us', 0.25);
test(quantity, 'rate', '50mbit', 50_000);
test(quantity, 'rate', '512kbit', 512);
test(quantity, 'rate', '1.5Gbit', 1_500_000);
test(quantity, 'loss', '0.5%', 0.5);
test(quantity, 'mtu', '1400', 1400);

const refusal = test.macro({
  title: (_, field: string, text: string) => `${field}=${text} is refused`,
  exec: (t, field: (typeof linkFields)[number], text: string, problem: RegExp) => {
    const read = readField(field, text);
    t.regex(typeof read === 'number' ? '' : `${read.problem}; ${read.hint}`, problem);
  },
});
test(refusal, 'delay', '15', /delay cannot be "15"; a number and its unit \(us, ms, s\), e.g. 15ms/);
test(refusal, 'rate', '50mbps', /rate cannot be "50mbps"/);
test(refusal, 'loss', '120%', /loss must be 0% to 100%, not 120%/);
test(refusal, 'mtu', '100', /mtu must be 576 to 1500, not 100/);
test(refusal, 'delay', '-5ms', /cannot be/);
test(refusal, 'delay', '1constructor', /cannot be/);

test('what is said once holds both ways, what is said of one way only there', (t) => {
  t.deepEqual(readLinkWords(['delay=20ms', 'up.rate=5mbit']), { up: { delayMs: 20, rateKbit: 5000 }, down: { delayMs: 20 } });
  t.deepEqual(readLinkWords(['delay=20ms', 'down.delay=30ms']), { up: { delayMs: 20 }, down: { delayMs: 30 } });
});

test('a preset can be changed in a field', (t) => {
  const link = readLinkWords(['4g', 'loss=2%']);
  t.like(link, { up: { delayMs: 25, lossPercent: 2 }, down: { delayMs: 25, lossPercent: 2, rateKbit: 30_000 } });
});

test('jitter above the delay and reordering without one are contradictions', (t) => {
  t.regex((makeLink({ both: { delayMs: 5, jitterMs: 6 } }) as { problem: string }).problem, /jitter of 6ms needs a delay/);
  t.regex((makeLink({ down: { reorderPercent: 1 } }) as { problem: string }).problem, /reordering needs a delay/);
});

test('links are described shortly, one way at a time where they differ', (t) => {
  t.is(
    describeLink({ up: { delayMs: 15, jitterMs: 2, lossPercent: 0.1, rateKbit: 1500 }, down: {} }),
    'up delay 15ms ±2ms, loss 0.1%, rate 1500kbit; down nothing',
  );
  t.is(describeLink(plainLink), 'nothing');
  t.true(isPlain({ up: { lossPercent: 0 }, down: {} }));
});

for (const { name, link } of linkPresets)
  test(`the preset ${name} makes sense`, (t) => {
    t.deepEqual(readLinkWords([name]), link);
    t.deepEqual(makeLink({ like: link }), link);
  });

testProp(
  'no words throw: they are a condition or a problem with a hint',
  [fc.array(fc.oneof(fc.string(), fc.constantFrom('delay=1ms', 'up.loss=1%', 'x=1', 'down.=', 'like=')))],
  (t, words) => {
    const read = readLinkWords(words);
    t.true('problem' in read ? read.problem !== '' : 'up' in read);
  },
);

test('a condition of a script has the words of the command line', (t) => {
  t.deepEqual(wishWords({ like: 'dsl', delay: '5ms', mtu: 1400, up: { rate: '1mbit' } }), [
    'dsl',
    'delay=5ms',
    'mtu=1400',
    'up.rate=1mbit',
  ]);
  t.deepEqual(wishWords('4g'), ['4g']);
});
