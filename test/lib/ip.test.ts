import test, { type ExecutionContext } from 'ava';
import { fc, testProp } from '@fast-check/ava';
import {
  contains,
  countHosts,
  formatIpv4,
  growSubnet,
  hostAt,
  overlaps,
  parseIpv4,
  parseSubnet,
  specialUse,
  subnetOf,
  withPrefix,
} from '../../src/lib/ip.ts';

const anyAddress = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anySubnet = fc
  .tuple(anyAddress, fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => subnetOf(`${formatIpv4(address)}/${prefix}`));

const refused = test.macro({
  exec: (t: ExecutionContext, read: (text: string) => unknown, text: string) => t.is(read(text), undefined),
  title: (_: string | undefined, read: (text: string) => unknown, text: string) => `${read.name} refuses "${text}"`,
});

for (const text of ['', '1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4/24', ' 1.2.3.4', '::1', '1.2.3.4.', '0x1.2.3.4'])
  test(refused, parseIpv4, text);
for (const text of ['', '10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '10.0.0/8', '10.0.0.0/08', 'fd00::/64', '10.0.0.0/8/8']) {
  test(refused, parseSubnet, text);
}

test('a subnet knows its bounds and whether host bits were set', (t) => {
  t.like(parseSubnet('192.168.1.17/24'), { cidr: '192.168.1.0/24', prefix: 24, hostBits: true });
  t.like(parseSubnet('192.168.1.0/24'), { hostBits: false });
  t.is(countHosts(subnetOf('192.168.1.0/24')), 254);
  t.is(countHosts(subnetOf('192.168.1.0/31')), 0);
  t.is(countHosts(subnetOf('192.168.1.0/32')), 0);
});

test('hosts are counted from 1 and never reach the broadcast address', (t) => {
  const subnet = subnetOf('192.168.1.0/29');
  t.is(formatIpv4(hostAt(subnet, 1) ?? 0), '192.168.1.1');
  t.is(formatIpv4(hostAt(subnet, 6) ?? 0), '192.168.1.6');
  t.is(hostAt(subnet, 7), undefined);
  t.is(hostAt(subnet, 0), undefined);
});

test('an address takes over the prefix of its subnet', (t) => t.is(withPrefix('10.1.2.3', '10.0.0.0/8'), '10.1.2.3/8'));

test('a subnet grows just enough', (t) => {
  t.is(growSubnet(subnetOf('192.168.1.0/31'), 4), '192.168.1.0/29');
  t.is(growSubnet(subnetOf('192.168.1.0/24'), 255), '192.168.0.0/23');
  t.is(growSubnet(subnetOf('10.0.0.0/8'), 2 ** 24), undefined);
});

test('ranges set aside by IANA are known, and ordinary ones are not among them', (t) => {
  t.false(specialUse(subnetOf('127.0.0.0/8'))?.usable);
  t.false(specialUse(subnetOf('0.0.0.0/0'))?.usable);
  t.true(specialUse(subnetOf('192.168.1.0/24'))?.usable);
  t.is(specialUse(subnetOf('45.77.0.0/24')), undefined);
});

testProp('any address survives being written and read', [anyAddress], (t, address) => t.is(parseIpv4(formatIpv4(address)), address));

testProp('a subnet contains exactly the addresses between its bounds', [anySubnet, anyAddress], (t, subnet, address) => {
  const mask = subnet.prefix === 0 ? 0n : (0xffff_ffffn << BigInt(32 - subnet.prefix)) & 0xffff_ffffn;
  t.is(contains(subnet, address), (BigInt(address) & mask) === BigInt(subnet.network));
});

testProp('two subnets overlap exactly when one contains the start of the other', [anySubnet, anySubnet], (t, a, b) => {
  t.is(overlaps(a, b), contains(a, b.network) || contains(b, a.network));
});
