import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { anyText } from './any-text.ts';
import { countDiagnostics, renderDiagnostics, sortDiagnostics } from '../../src/lib/diagnostics.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';

const file = 'topologies/two-lans.yaml';
const problem = (place?: Partial<Diagnostic['place']>, rest: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'TOPO014',
  severity: 'error',
  message: 'unknown NAT preset "symetric"',
  ...(place ? { place: { file, line: 1, column: 1, length: 1, ...place } } : {}),
  ...rest,
});
const render = (text: string, ...diagnostics: Diagnostic[]) => renderDiagnostics(diagnostics, new Map([[file, text]])).split('\n');

test('a diagnostic is rendered with its place, a frame and its hint', (t) => {
  const text = 'a: 1\nsubnet: 192.168.1.0/24\nnat: symetric\n';
  t.deepEqual(render(text, problem({ line: 3, column: 6, length: 8 }, { hint: 'did you mean "symmetric"?' })), [
    'error TOPO014 unknown NAT preset "symetric"',
    '  topologies/two-lans.yaml:3:6',
    '   2 | subnet: 192.168.1.0/24',
    '   3 | nat: symetric',
    '     |      ^^^^^^^^',
    '  hint: did you mean "symmetric"?',
  ]);
});

test('line numbers of different width stay aligned', (t) => {
  const text = Array.from({ length: 12 }, (_, index) => `k${index + 1}: v`).join('\n');
  t.deepEqual(render(text, problem({ line: 10, column: 6, length: 1 })).slice(2), ['    9 | k9: v', '   10 | k10: v', '      |      ^']);
});

test('the line before a frame is the last one with text', (t) => {
  t.deepEqual(render('a:\n\n\n  b: 1\n', problem({ line: 4, column: 3 })).slice(2), ['   1 | a:', '   4 |   b: 1', '     |   ^']);
});

test('without the text of the file there is a place but no frame', (t) => {
  const rendered = renderDiagnostics([problem({ line: 3, column: 6 })], new Map());
  t.deepEqual(rendered.split('\n'), ['error TOPO014 unknown NAT preset "symetric"', '  topologies/two-lans.yaml:3:6']);
});

test('carets stand under tabs, wide characters and emoji', (t) => {
  const carets = (text: string, column: number) => render(text, problem({ column, length: 1 })).at(-1);
  t.is(carets('\ta: x', 5), '     |     ^');
  t.is(carets('名前: x', 5), '     |       ^');
  t.is(carets('🚀: x', 5), '     |     ^');
});

test('a long line is cut around the place', (t) => {
  const [, , line = '', carets = ''] = render(`${'x'.repeat(300)}HERE${'y'.repeat(300)}`, problem({ column: 301, length: 4 }));
  t.true(line.length < 120);
  t.is(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), 'HERE');
});

test('what a file holds cannot write to the terminal', (t) => {
  const evil = 'nat: \u001B[2Jx\u0007';
  const rendered = renderDiagnostics([problem({ column: 6 }, { message: evil, hint: evil })], new Map([[file, evil]]));
  t.false(/[\u001B\u0007]/.test(rendered));
});

test('colours are added only when asked for, and change no text', (t) => {
  const texts = new Map([[file, 'a: 1\nb: 2\n']]);
  const diagnostics = [problem({ line: 2, column: 4 }, { hint: 'h' }), problem({ line: 1 }, { severity: 'warning' })];
  const colored = renderDiagnostics(diagnostics, texts, { color: true });
  t.true(colored.includes('\u001B['));
  t.is(colored.replaceAll(/\u001B\[[\d;]*m/g, ''), renderDiagnostics(diagnostics, texts));
});

test('diagnostics are sorted by place, those without one first', (t) => {
  const sorted = sortDiagnostics([problem({ line: 2 }), problem({ line: 1, column: 9 }), problem(), problem({ line: 1, column: 2 })]);
  t.deepEqual(
    sorted.map(({ place }) => place && [place.line, place.column]),
    [undefined, [1, 2], [1, 9], [2, 1]],
  );
});

test('diagnostics are counted in words', (t) => {
  const warning = problem(undefined, { severity: 'warning' });
  t.is(countDiagnostics([]), 'no problems');
  t.is(countDiagnostics([problem()]), '1 error');
  t.is(countDiagnostics([problem(), problem(), warning]), '2 errors and 1 warning');
  t.is(countDiagnostics([warning, warning]), '2 warnings');
});

const anyPlace = fc.record({
  line: fc.integer({ min: -1, max: 9 }),
  column: fc.integer({ min: -1, max: 300 }),
  length: fc.integer({ min: -1, max: 300 }),
});
testProp('rendering never throws and has no control characters, whatever the text and place', [anyText(), anyPlace], (t, text, place) => {
  const rendered = renderDiagnostics([problem(place, { message: text })], new Map([[file, text]]));
  t.false(/[\p{Cc}]/u.test(rendered.replaceAll('\n', '')));
});
