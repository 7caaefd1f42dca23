import { readFileSync } from 'node:fs';
import test from 'ava';
import { readTopology, varyTopology } from '../../src/topology/topology.ts';

const text = (name: string): string => readFileSync(new URL(`../../topologies/${name}.yaml`, import.meta.url), 'utf8');
const labOf = (varied: string) => {
  const { lab, diagnostics } = readTopology(varied, 'varied');
  return lab ?? (diagnostics as never);
};

test('a topology without a change means the same lab', (t) => {
  t.deepEqual(labOf(varyTopology(text('two-lans-fabedge'), {})), labOf(text('two-lans-fabedge')));
});

test('every NAT becomes another, with the addresses and blocks it needs, and nothing else changes', (t) => {
  const lab = labOf(varyTopology(text('two-lans-fabedge'), { nat: 'cgnat', name: 'other' }));
  t.is(lab.name, 'other');
  t.deepEqual(
    lab.sites.map(({ lan }) => lan?.router.natName),
    [undefined, 'cgnat', 'cgnat'],
  );
  t.truthy(lab.sites[1]?.lan?.router.subscribers);
  t.deepEqual(lab.install, labOf(text('two-lans-fabedge')).install);
});

test('versions of what is installed change, in the short form and in the long one', (t) => {
  const lab = labOf(
    varyTopology(text('two-lans-edgemesh'), {
      versions: { edgemesh: '1.17.0', kubernetes: '1.31.0', kubeedge: '1.23.0', fabedge: '1.0.0' },
    }),
  );
  t.deepEqual([lab.install.kubernetes?.version, lab.install.kubeedge?.version], ['1.31.0', '1.23.0']);
  t.is(lab.install.edgemesh?.version, '1.17.0');
  t.true(lab.install.edgemesh?.socks5, 'the rest of the long form is kept');
  t.is(lab.install.fabedge, undefined, 'nothing is added');
});

test('what is no topology comes back as it is', (t) => {
  for (const broken of ['', '[1, 2]', 'a: {', '- x']) t.is(varyTopology(broken, { name: 'x', nat: 'cgnat' }), broken);
});
