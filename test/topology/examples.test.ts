import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { readTopology } from '../../src/topology/topology.ts';

const folder = new URL('../../topologies/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

const readable = test.macro({
  exec(t, name: string) {
    const text = read(name);
    const { lab, diagnostics } = readTopology(text, name);
    t.deepEqual(
      diagnostics.map(({ code }) => code),
      meant[name] ?? [],
    );
    t.is(`${lab?.name}.yaml`, name, 'a topology has the name of its file');
    t.true(text.split('\n').length <= 40, 'it fits a screen');
    t.true(text.split('\n').every((line) => line.length <= 130));
    t.true(text.startsWith('# yaml-language-server: $schema=../schemas/topology.schema.json\n# '), 'schema and one comment come first');
  },
  title: (_, name: string) => `topologies/${name} is a lab without problems, short and named as its file`,
});

/** What shows a known problem is warned of it. */
const meant: Readonly<Record<string, string[]>> = { 'edgemesh-no-relay.yaml': ['TOPO053'] };

for (const name of files) test(readable, name);

/** The lines of one topology that the other does not have, comments left out. */
const difference = (one: string, other: string): string[] => {
  const lines = (name: string) =>
    read(name)
      .split('\n')
      .map((line) => line.replace(/\s*#.*$/, ''))
      .filter((line) => line !== '');
  const known = new Set(lines(other));
  return lines(one).filter((line) => !known.has(line));
};

test('a lab without flannel and kube-proxy on its edges is one line away', (t) => {
  t.deepEqual(difference('two-lans-bare.yaml', 'two-lans.yaml'), ['name: two-lans-bare', '  flannel: { on: [cloud] }']);
});

test('LANs with the same subnet are one line away', (t) => {
  t.deepEqual(difference('same-subnet.yaml', 'two-lans.yaml'), ['name: same-subnet']);
  const { lab } = readTopology(read('same-subnet.yaml'), 'same-subnet.yaml');
  t.deepEqual(
    lab?.sites.flatMap((site) => site.lan?.subnet ?? []),
    ['192.168.1.0/24', '192.168.1.0/24'],
  );
});
