import test, { type ExecutionContext } from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { readDocument, type Path, type SourceDocument } from '../../src/lib/document.ts';
import type { Place } from '../../src/model/diagnostic.ts';

/** The piece of the text a place stands for. */
const textAt = (text: string, { line, column, length }: Place): string =>
  (text.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + length);

const sample = `# a comment
top:
  plain: 1.30
  "quoted key": 'quoted'
  flow: { a: [x, y] }
  empty:
  block:
    - one
    - key: two
anchor: &base { first: 1 }
alias: *base
merged:
  <<: *base
  second: 2
`;

const points = test.macro({
  exec(t: ExecutionContext, method: 'keyPlace' | 'valuePlace', path: Path, expected: string) {
    t.is(textAt(sample, readDocument(sample, 'sample.yaml')[method](path)), expected);
  },
  title: (_: string | undefined, method: string, path: Path, expected: string) =>
    `${method} of ${path.length > 0 ? path.join('.') : 'the top'} is "${expected}"`,
});

test(points, 'keyPlace', ['top'], 'top');
test(points, 'keyPlace', ['top', 'quoted key'], '"quoted key"');
test(points, 'keyPlace', ['top', 'flow', 'a'], 'a');
test(points, 'keyPlace', ['top', 'block', 0], 'one');
test(points, 'keyPlace', ['top', 'not there'], 'top');
test(points, 'keyPlace', [], 'top');
test(points, 'valuePlace', ['top', 'plain'], '1.30');
test(points, 'valuePlace', ['top', 'quoted key'], "'quoted'");
test(points, 'valuePlace', ['top', 'flow'], '{ a: [x, y] }');
test(points, 'valuePlace', ['top', 'flow', 'a', 1], 'y');
test(points, 'valuePlace', ['top', 'empty'], 'empty');
test(points, 'valuePlace', ['top', 'block'], 'block');
test(points, 'valuePlace', ['top', 'block', 1, 'key'], 'two');
test(points, 'valuePlace', ['alias', 'first'], '1');
test(points, 'valuePlace', ['merged', 'first'], '1');
test(points, 'valuePlace', ['merged', 'second'], '2');

test('a value can be had as it was written', (t) => {
  const { sourceText } = readDocument(sample, 'sample.yaml');
  t.is(sourceText(['top', 'plain']), '1.30');
  t.is(sourceText(['top', 'quoted key']), 'quoted');
  t.is(sourceText(['merged', 'first']), '1');
  t.is(sourceText(['top', 'flow']), undefined);
  t.is(sourceText(['nowhere', 'at', 'all']), undefined);
});

test('anchors and merges give plain data', (t) => {
  t.like(readDocument(sample, 'sample.yaml').data, { alias: { first: 1 }, merged: { first: 1, second: 2 } });
});

test('places are right behind a byte order mark and with Windows line ends', (t) => {
  const { keyPlace, valuePlace } = readDocument('\uFEFFa: 1\r\nb: two\r\n', 'x.yaml');
  t.like(valuePlace(['a']), { line: 1, column: 4, length: 1 });
  t.like(valuePlace(['b']), { line: 2, column: 4, length: 3 });
  t.like(keyPlace(['b']), { line: 2, column: 1, length: 1 });
});

const survives = test.macro((t, text: string, expected: string | undefined) => {
  const { diagnostics, wellFormed } = readDocument(text, 'x.yaml');
  t.is(diagnostics[0]?.code, expected);
  t.is(wellFormed, expected !== 'TOPO002');
});

test('a tab is one problem, however many lines have one', (t) => {
  const { diagnostics } = readDocument('a:\n\tb: 1\n\tc: 2\n\td: 3\n', 'x.yaml');
  t.deepEqual(
    diagnostics.map(({ message }) => message),
    ['a tab indents this line'],
  );
});
test('nesting without end is a problem, not a crash', survives, '['.repeat(50_000), 'TOPO002');
test('deep mappings are a problem, not a crash', survives, `a: ${'{a: '.repeat(5000)}${'}'.repeat(5000)}`, 'TOPO002');
test(
  'one anchor may be used a thousand times',
  survives,
  `a: &a { b: 1 }\n${Array.from({ length: 1000 }, (_, n) => `k${n}: *a\n`).join('')}`,
  undefined,
);
test('an alias of itself is read', survives, 'a: &a [*a]', undefined);
test('a mapping that merges itself is a problem, not a hang', survives, 'a: &a\n  <<: *a\n  b: 1\n', 'TOPO002');
test('an alias bomb is a problem, not a hang', survives, bomb(), 'TOPO002');
test('an alias without anchor is a problem', survives, 'a: *b', 'TOPO002');
test('merging what is no mapping is a problem', survives, '<<: 3\na: 1', 'TOPO002');
test('a repeated key is a problem, but the rest is read', survives, 'a: 1\na: 2', 'TOPO007');
test('the key __proto__ is a problem', survives, '__proto__: { a: 1 }', 'TOPO004');
test('nothing is read behind the key __proto__', (t) => {
  const { data } = readDocument('a: { __proto__: { b: 1 }, c: 2 }', 'x.yaml');
  t.deepEqual(Object.getOwnPropertyNames((data as { a: object }).a), ['c']);
});
test('an unknown tag is a problem', survives, 'a: !secret x', 'TOPO002');
test('an empty text is no problem here', survives, '', undefined);

function bomb(): string {
  const levels = Array.from({ length: 30 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}]`);
  return `l0: &l0 boom\n${levels.join('\n')}\n`;
}

const pathsOf = (value: unknown, above: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? [above, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...above, Array.isArray(value) ? Number(key) : key]))]
    : [above];

const inside = (text: string, { line, column, length }: Place): boolean =>
  length >= 1 && column >= 1 && column - 1 + length <= Math.max(1, (text.split('\n')[line - 1] ?? '').length + 1);

testProp('every path of every document has places inside the text', [fc.json({ maxDepth: 4 })], (t, json) => {
  const document: SourceDocument = readDocument(json, 'x.json');
  const places = (document.wellFormed ? pathsOf(document.data) : []).flatMap((path) => [
    document.keyPlace(path),
    document.valuePlace(path),
  ]);
  t.deepEqual(
    places.filter((place) => !inside(json, place)),
    [],
  );
});
