import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { countDiagnostics, isError, renderDiagnostics } from '../../src/lib/diagnostics.ts';
import { errorCodes } from '../../src/lib/error-codes.ts';
import { readTopology } from '../../src/topology/topology.ts';
import { matchGolden } from '../lib/golden.ts';

const folder = new URL('invalid/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const read = (name: string) => {
  const text = readFileSync(new URL(name, folder), 'utf8');
  return { text, ...readTopology(text, name) };
};

const explained = test.macro({
  async exec(t, name: string) {
    const { text, lab, diagnostics } = read(name);
    const [code] = name.split('-');
    if (code?.startsWith('TOPO'))
      t.true(
        diagnostics.some((diagnostic) => diagnostic.code === code),
        `${code} is not among the problems`,
      );
    t.is(lab === undefined, diagnostics.some(isError), 'there is a lab exactly when there is no error');
    t.true(
      diagnostics.every(({ place }) => place !== undefined),
      'every problem has a place',
    );
    const rendered = renderDiagnostics(diagnostics, new Map([[name, text]]));
    await matchGolden(t, new URL(name.replace(/yaml$/, 'txt'), folder), `${rendered}\n${countDiagnostics(diagnostics)}\n`);
  },
  title: (_, name: string) => `invalid/${name} is explained as its golden says`,
});

for (const name of files) test(explained, name);

test('every code a topology can have is shown by a file', (t) => {
  // TOPO001 is about reading the file, which is not this room's doing.
  const codes = Object.keys(errorCodes).filter((code) => code.startsWith('TOPO') && code !== 'TOPO001');
  const shown = new Set(files.map((name) => name.split('-')[0]));
  t.deepEqual(
    codes.filter((code) => !shown.has(code)),
    [],
  );
});

test('a file with many mistakes has them all reported in one go', (t) => {
  const { diagnostics } = read('many-at-once.yaml');
  t.true(new Set(diagnostics.map(({ code }) => code)).size >= 10);
});
