import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { anyText } from '../lib/any-text.ts';
import { isError, renderDiagnostics } from '../../src/lib/diagnostics.ts';
import { errorCodes } from '../../src/lib/error-codes.ts';
import { stringify } from '../../src/lib/document.ts';
import { readTopology } from '../../src/topology/topology.ts';

const folder = new URL('../../topologies/', import.meta.url);
const examples = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** What must hold for any text: no exception, known codes, places inside the text, and a lab exactly when nothing is an error. */
const holds = (text: string): string | undefined => {
  const { lab, diagnostics } = readTopology(text, 'any.yaml');
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  if ((lab === undefined) !== diagnostics.some(isError)) return 'a lab although there are errors, or none without';
  for (const { code, place, message } of diagnostics) {
    if (!Object.hasOwn(errorCodes, code)) return `unknown code ${code}`;
    if (message.includes('undefined') || message.includes('[object')) return `a message shows an inner value: ${message}`;
    if (!place) return `${code} has no place`;
    const { line, column, length } = place;
    const width = lines[line - 1]?.length;
    if (width === undefined || column < 1 || length < 1 || column - 1 + length > Math.max(1, width + 1)) {
      return `${code} points outside the text: ${line}:${column}+${length}`;
    }
  }
  renderDiagnostics(diagnostics, new Map([['any.yaml', text]]), { color: true });
  return undefined;
};

testProp('any text at all is survived', [anyText({ maxLength: 200 })], (t, text) => t.is(holds(text), undefined));

const yamlPiece = fc.constantFrom(
  ...'name: sites: nodes: install: - ? & * ! | > \' " % @ ` { } [ ] , # : ~ null true 1 0x1 1e3 .inf << &a *a !!map --- ... %YAML'.split(
    ' ',
  ),
  '\n',
  '\n  ',
  '\n    ',
  '\t',
  ' ',
  'x',
  '\r\n',
  '\uFEFF',
  '__proto__',
  'constructor',
);
testProp(
  'any heap of YAML signs is survived',
  [fc.array(yamlPiece, { maxLength: 60 })],
  (t, pieces) => t.is(holds(pieces.join('')), undefined),
  { numRuns: 200 },
);

const word = fc.constantFrom(
  'name',
  'sites',
  'nodes',
  'role',
  'nat',
  'subnet',
  'install',
  'kubernetes',
  'flannel',
  'on',
  'workloads',
  'port',
  'version',
  'constructor',
  '__proto__',
  'toString',
  'a',
  'Ä',
  '',
);
const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.constantFrom<unknown>(
      'edge',
      'host',
      'symmetric',
      '10.0.0.0/8',
      '1.32.5',
      'cloud',
      'each-node',
      null,
      true,
      0,
      -1,
      80,
      1.5,
      1e300,
      '',
    ),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(word, tie('value'), { maxKeys: 5 }),
  ),
})).value;

testProp(
  'any YAML made of the words of a topology is survived',
  [fc.dictionary(word, anyValue)],
  (t, data) => t.is(holds(stringify(data)), undefined),
  { numRuns: 200 },
);
testProp('any JSON is survived', [fc.json()], (t, json) => t.is(holds(json), undefined));

testProp(
  'an example with one value replaced by anything is survived',
  [fc.constantFrom(...examples), fc.nat(), anyValue],
  (t, text, n, value) => {
    const lines = text.split('\n');
    const candidates = lines.flatMap((line, index) => (/^ *[\w-]+: ?/.test(line) ? [index] : []));
    const at = candidates[n % candidates.length] ?? 0;
    const [key = ''] = /^ *[\w-]+: ?/.exec(lines[at] ?? '') ?? [];
    lines[at] = `${key.trimEnd()} ${JSON.stringify(value)}`;
    t.is(holds(lines.join('\n')), undefined);
  },
  { numRuns: 200 },
);

testProp(
  'an example with characters removed, repeated or put in anywhere is survived',
  [fc.constantFrom(...examples), fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 5 })],
  (t, text, edits) => {
    const edited = edits.reduce((before, [n, removed, added]) => {
      const at = n % before.length;
      return before.slice(0, at) + added + before.slice(at + removed);
    }, text);
    t.is(holds(edited), undefined);
  },
  { numRuns: 300 },
);

testProp(
  'an example with lines shuffled, dropped or doubled is survived',
  [fc.constantFrom(...examples).chain((text) => fc.array(fc.constantFrom(...text.split('\n')), { maxLength: 30 }))],
  (t, lines) => t.is(holds(lines.join('\n')), undefined),
  { numRuns: 200 },
);

test('a mistake is blamed on the very words that hold it, wherever they are', (t) => {
  const [text = ''] = examples.filter((example) => example.includes('name: two-lans\n'));
  const marks: [string, string][] = [
    ['symmetric', 'symetric'],
    ['192.168.2.0/24', '192.168.2.0/99'],
    ['control-plane', 'controller'],
    ['edge-b1:', 'Edge_B1:'],
    ['each-node', 'each-nodes'],
    ['1.23.1', '1.99.9'],
    ['workloads:', 'werkloads:'],
  ];
  for (const [right, wrong] of marks) {
    const broken = text.replace(right, wrong);
    const [first] = readTopology(broken, 'any.yaml').diagnostics;
    const { line = 0, column = 0, length = 0 } = first?.place ?? {};
    t.is(broken.split('\n')[line - 1]?.slice(column - 1, column - 1 + length), wrong.replace(':', ''));
  }
});
