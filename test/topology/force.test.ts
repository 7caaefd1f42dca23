import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { isError } from '../../src/lib/diagnostics.ts';
import { isForcible } from '../../src/lib/error-codes.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { readTopology } from '../../src/topology/topology.ts';

const folder = new URL('invalid/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

/** Files whose every error may be forced. */
const forcible = files.filter((name) => {
  const errors = readTopology(read(name), name).diagnostics.filter(isError);
  return errors.length > 0 && errors.every(({ code }) => isForcible(code));
});

test('there are such files', (t) => t.true(forcible.length >= 4));

for (const name of forcible) {
  test(`${name} is a lab when it is forced, with a warning, and can be planned`, (t) => {
    const { lab, diagnostics } = readTopology(read(name), name, { force: true });
    t.deepEqual(diagnostics.filter(isError), [], 'no error is left');
    t.true(diagnostics.some(({ code, severity }) => isForcible(code) && severity === 'warning'));
    t.truthy(makePlan(lab!).plan);
  });
}

test('shapes, names, addresses and roles cannot be forced', (t) => {
  for (const name of files.filter((file) => /^TOPO/.test(file) && !isForcible(file.split('-')[0] ?? ''))) {
    const plain = readTopology(read(name), name);
    const forced = readTopology(read(name), name, { force: true });
    t.is(
      forced.lab === undefined,
      plain.diagnostics.some((one) => isError(one) && !isForcible(one.code)),
      name,
    );
  }
});

test('without force the hint says that there is such a way', (t) => {
  const { lab, diagnostics } = readTopology(read('TOPO071-flannel-beside-fabedge.yaml'), 'x');
  t.is(lab, undefined);
  t.regex(diagnostics[0]?.hint ?? '', /on: \[cloud\]"; --force runs it all the same$/);
});
