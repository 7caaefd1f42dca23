import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { anyText } from '../lib/any-text.ts';
import type { LabEvent } from '../../src/model/event.ts';
import { renderJunit, replay } from '../../src/report/report.ts';
import { readRecording } from './recordings.ts';
import { type Node, readXml } from './xml-reader.ts';

/** Anything at all: control characters, lone surrogates, non-characters, escape codes, markup. */
const nasty = fc.oneof(
  anyText(),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((codes) => String.fromCharCode(...codes)),
  fc
    .array(
      fc.constantFrom(']]>', '<![CDATA[', '&amp;', '&#0;', '<', '"', "'", '\u0000', '\u001B[31m', '\uFFFE', '\uD800', '\r\n', '-->', 'x'),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);

const find = (node: Node, name: string): Node[] => [
  ...(node.name === name ? [node] : []),
  ...node.children.flatMap((child) => find(child, name)),
];

const happened = (texts: readonly string[]): LabEvent[] => {
  const [a = '', b = '', c = '', d = '', e = '', f = ''] = texts;
  const evidence = [{ at: a, saw: b, raw: c }];
  const check = { id: d, claims: [e], from: a, to: b, expected: c, observed: d, ok: false, how: e, evidence, seconds: 1 };
  return [
    { at: 0, type: 'scenario-started', scenario: f, title: a, steps: [b, c] },
    { at: 1, type: 'scenario-step', scenario: f, index: 0, state: 'started' },
    { at: 1, type: 'check', scenario: f, check },
    { at: 2, type: 'scenario-step', scenario: f, index: 1, state: 'failed', message: d },
    { at: 3, type: 'scenario-finished', scenario: f, verdict: 'failed', seconds: 2 },
    { at: 3, type: 'failed', failure: { code: a, message: b, details: { outputTail: c, hint: d } } },
  ];
};

testProp('JUnit is well-formed XML whatever the texts are', [fc.array(nasty, { minLength: 6, maxLength: 6 })], (t, texts) => {
  const root = readXml(renderJunit(replay(happened(texts))));
  t.is(root.name, 'testsuites');
  t.is(find(root, 'testcase').length, 3);
});

testProp('texts that XML allows come back as they were', [anyText()], (t, text) => {
  const legal = text.replace(/\p{Cc}/gu, '');
  const root = readXml(renderJunit(replay(happened([legal, legal, legal, legal, legal, legal]))));
  t.is(find(root, 'testcase').at(-1)!.children[0]!.attributes.message, legal);
});

test('counts add up to what the cases say', async (t) => {
  const root = readXml(renderJunit(replay(await readRecording('mistaken'))));
  const count = (name: string): string => String(find(root, name).length);
  t.like(root.attributes, { tests: count('testcase'), failures: count('failure'), errors: count('error') });
  t.is(count('failure'), '1');
});

test('line breaks of a message survive in attributes', (t) => {
  const root = readXml(renderJunit(replay(happened(['a', 'x\ny\tz', 'c', 'd', 'e', 'f']))));
  t.is(find(root, 'error').at(-1)!.attributes.message, 'x\ny\tz');
});

test('escape codes of colours are removed as a whole', (t) => {
  const root = readXml(renderJunit(replay(happened(['a', '\u001B[31mred\u001B[0m', 'c', 'd', 'e', 'f']))));
  t.is(find(root, 'error').at(-1)!.attributes.message, 'red');
});

for (const [what, document] of [
  ['a bare &', '<a>&</a>'],
  ['an unknown entity', '<a>&nbsp;</a>'],
  ['an entity for a forbidden character', '<a>&#0;</a>'],
  ['a control character', '<a>\u0001</a>'],
  ['a lone surrogate', '<a>\uD800</a>'],
  ['a < in an attribute', '<a b="<"/>'],
  ['elements that cross', '<a><b></a></b>'],
  ['two roots', '<a/><b/>'],
  [']]> in text', '<a>]]></a>'],
  ['an attribute twice', '<a b="" b=""/>'],
] as const)
  test(`the reader that judges JUnit here refuses ${what}`, (t) => {
    t.throws(() => readXml(`<?xml version="1.0" encoding="UTF-8"?>\n${document}`));
  });
