import { readFileSync } from 'node:fs';
import test from 'ava';
import { calico } from '../../../src/components/calico/calico.ts';
import { readLab } from '../../lib/read-lab.ts';

const text = readFileSync(new URL('../../../topologies/calico.yaml', import.meta.url), 'utf8');
const plain = readLab(text, 'calico.yaml');
const tunnelled = readLab(text.replace(/calico: .*/, 'calico: { version: 3.31.7, encapsulation: vxlan }'), 'calico.yaml');

test('it needs what its version is published as', (t) => {
  t.deepEqual(calico.externalImages?.(plain), ['calico/node:v3.31.7', 'calico/cni:v3.31.7']);
});

test('only where it encapsulates does it need VXLAN of the kernel, and leave pods less of a packet', (t) => {
  t.deepEqual(
    [plain, tunnelled].map((lab) => calico.features?.(lab)),
    [[], ['vxlan']],
  );
  const manifests = [plain, tunnelled].map((lab) => JSON.stringify(calico.steps(lab)));
  t.true(manifests[0]?.includes(String.raw`\\\"mtu\\\":0`));
  t.true(manifests[1]?.includes(String.raw`\\\"mtu\\\":1450`));
});
