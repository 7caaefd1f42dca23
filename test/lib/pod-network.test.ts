import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { overlaps, subnetOf } from '../../src/lib/ip.ts';
import { hasOwnRange, ownRange, podNetworksOf } from '../../src/lib/pod-network.ts';

test('Calico and Weave give addresses from the upper half of the pod subnet', (t) => {
  t.is(ownRange('10.244.0.0/16'), '10.244.128.0/17');
  t.is(ownRange('10.0.0.0/8'), '10.128.0.0/9');
  t.is(ownRange('10.244.7.0/24'), '10.244.7.128/25');
});

testProp('that half is in the subnet, and no podCIDR of the lower half is in it', [fc.integer({ min: 8, max: 23 })], (t, prefix) => {
  const whole = subnetOf(`10.0.0.0/${String(prefix)}`);
  const own = subnetOf(ownRange(whole.cidr));
  t.true(own.network > whole.network && own.broadcast === whole.broadcast);
  const last = 2 ** (24 - prefix - 1) - 1;
  for (const index of [0, last]) {
    t.false(overlaps(own, subnetOf(`10.${String(index >> 8)}.${String(index & 255)}.0/24`)));
  }
});

test('a lab has the pod networks that it names', (t) => {
  t.deepEqual(podNetworksOf({}), []);
  t.deepEqual(podNetworksOf({ calico: { version: '3.31.7', encapsulation: 'none' } }), ['calico']);
  t.true(hasOwnRange({ weave: { version: '2.9.0' } }));
  t.false(hasOwnRange({ flannel: { version: '0.28.9', backend: 'vxlan', on: ['cloud'] } }));
});
