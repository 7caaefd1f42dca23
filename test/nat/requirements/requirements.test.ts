import test from 'ava';
import { findNatPreset, makeRequirements, natPresets, readRequirements, translates } from '../../../src/nat/nat.ts';
import { requirements } from '../../../src/nat/requirements/list.ts';
import { expectRequirement } from '../../../src/nat/requirements/deviations.ts';

const preset = (name: string) => findNatPreset(name)!;
const programOf = (names: string[]) => makeRequirements(names.map(preset)).files.find(({ path }) => path.endsWith('tester.pl'))!.content;

test('each requirement has a test of its name, or says why not; and no test is without one', (t) => {
  const tests = [...programOf(['full-cone']).matchAll(/^test '([^']+)'/gm)].map(([, name]) => name);
  t.deepEqual(tests.toSorted(), requirements.flatMap(({ id, untested }) => (untested === undefined ? [id] : [])).toSorted());
});

test('each kind has namespaces, addresses and server ports of its own', (t) => {
  const { files, nats } = makeRequirements(natPresets.filter(({ behaviour }) => translates(behaviour)));
  const names = files
    .find(({ path }) => path.endsWith('/namespaces'))!
    .content.trim()
    .split('\n');
  t.is(new Set(names).size, nats.length * 3);
  const outside = files.flatMap(({ path, content }) =>
    /\/r\d+\.net$/.test(path) ? [...content.matchAll(/^address add (45\S+)/gm)].map(([, address]) => address) : [],
  );
  t.is(new Set(outside).size, outside.length);
});

test('what a kind breaks follows from its behaviour', (t) => {
  const breaks = (name: string) =>
    requirements.flatMap((one) => {
      const expected = expectRequirement(one, preset(name).behaviour);
      return one.untested === undefined && expected.applies && !expected.holds ? [one.id] : [];
    });
  t.deepEqual(breaks('cgnat'), ['RFC4787-3a', 'RFC4787-4', 'RFC4787-5', 'RFC5508-3a']);
  t.deepEqual(breaks('home-router'), ['RFC4787-5', 'RFC4787-8', 'RFC5382-3', 'RFC5508-3a']);
  t.true(breaks('masquerade').includes('RFC4787-3'));
  t.false(breaks('masquerade-random').includes('RFC4787-3'));
  t.deepEqual(breaks('udp-blocked'), ['RFC5382-3', 'RFC5382-8', 'RFC5508-8']);
});

test('the verdict compares both ways, and silence is no verdict', (t) => {
  const job = makeRequirements(['symmetric', 'full-cone'].map(preset));
  const { results } = readRequirements(
    job,
    [
      '0\tRFC4787-1\tfails\tmapping is address-and-port-dependent',
      '0\tRFC4787-4\tholds\tparity is kept',
      '1\tRFC4787-1\tholds\tmapping is endpoint-independent',
      '1\tRFC4787-8\tfails\tfiltering is address-dependent',
      '1\tRFC4787-9\tbroken\tbind: Address already in use',
      'noise',
    ].join('\n'),
  );
  const verdict = (nat: string, id: string) => results.find((one) => one.nat === nat && one.requirement === id)?.verdict;
  t.is(verdict('symmetric', 'RFC4787-1'), 'by design');
  t.is(verdict('symmetric', 'RFC4787-4'), 'holds against expectation');
  t.is(verdict('full-cone', 'RFC4787-1'), 'holds');
  t.is(verdict('full-cone', 'RFC4787-8'), 'fails');
  t.is(verdict('full-cone', 'RFC4787-9'), 'not measured');
  t.is(verdict('full-cone', 'RFC4787-14'), 'not measured');
  t.is(verdict('full-cone', 'RFC5508-8'), 'not applicable');
});
