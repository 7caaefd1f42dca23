import { join } from 'node:path';
import test from 'ava';
import { loadVariant } from '../../src/cli/variant.ts';
import { root } from './fake-cli.ts';

const file = join(root, 'topologies', 'two-lans.yaml');

test('a variant is a lab of its own, and its images are of its versions', async (t) => {
  const versions = { kubernetes: '1.31.0', kubeedge: '1.23.0' };
  const { lab, plan, doubts } = await loadVariant(file, { name: 'other', nat: 'symmetric', versions });
  t.is(lab.name, 'other');
  t.deepEqual(plan.images.versions, versions);
  t.deepEqual(doubts, []);
});

test('versions that do not support each other are planned all the same, and in doubt', async (t) => {
  const { plan, doubts } = await loadVariant(file, { versions: { kubernetes: '1.33.13' } });
  t.is(plan.images.versions.kubernetes, '1.33.13');
  t.deepEqual(doubts, ['KubeEdge 1.23.1 does not support Kubernetes 1.33.13']);
});
