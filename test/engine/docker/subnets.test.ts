import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { freeCarriers, readRoutes } from '../../../src/engine/docker/subnets.ts';
import { contains, overlaps, subnetOf, type Subnet } from '../../../src/lib/ip.ts';

const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
tun0\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0
br-1\t004E12C6\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
`;

test('the routes of the kernel are read, without those that stand for everything else', (t) => {
  t.deepEqual(readRoutes(routes).map(({ cidr }) => cidr), ['198.18.78.0/24', '172.17.0.0/16']); // prettier-ignore
  t.deepEqual(readRoutes(''), []);
});

testProp(
  'carriers lie in 198.18.0.0/15, are different and overlap nothing that is used',
  [fc.string(), fc.integer({ min: 0, max: 255 })],
  (t, seed, third) => {
    const whole = subnetOf('198.18.0.0/15');
    const used = [subnetOf('198.18.0.0/17'), subnetOf(`198.19.${third}.64/26`), subnetOf('10.0.0.0/8')];
    const carriers = [...freeCarriers(seed, used)];
    t.is(carriers.length, 512 - 128 - 1);
    t.is(new Set(carriers).size, carriers.length);
    const subnets = carriers.map(subnetOf);
    const inside = ({ network, broadcast }: Subnet) => contains(whole, network) && contains(whole, broadcast);
    t.deepEqual(
      subnets.filter((subnet) => !inside(subnet) || used.some((other) => overlaps(other, subnet))),
      [],
    );
  },
  // each run looks at all carriers there are
  { numRuns: 20 },
);

test('a segment begins with the same carrier each time, another segment with another', (t) => {
  const first = (seed: string) => [...freeCarriers(seed, [])][0];
  t.is(first('lab/lan-a'), first('lab/lan-a'));
  t.not(first('lab/lan-a'), first('other/lan-a'));
});

test('when all of it is taken there is none', (t) => {
  t.deepEqual([...freeCarriers('lab/lan', [subnetOf('198.18.0.0/15')])], []);
});
