import test, { type ExecutionContext } from 'ava';
import { fc, testProp } from '@fast-check/ava';
import { contains, overlaps } from '../../src/lib/ip.ts';
import { formatIpv6, isUniqueLocal, movePrefix, parseIpv6, parseSubnet6, subnet6Of, unusable6 } from '../../src/lib/ipv6.ts';

const anyAddress = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
const anySubnet = fc
  .tuple(anyAddress, fc.integer({ min: 0, max: 128 }))
  .map(([address, prefix]) => subnet6Of(`${formatIpv6(address)}/${prefix}`));

const refused = test.macro({
  exec: (t: ExecutionContext, read: (text: string) => unknown, text: string) => t.is(read(text), undefined),
  title: (_: string | undefined, read: (text: string) => unknown, text: string) => `${read.name} refuses "${text}"`,
});

for (const text of ['', '1.2.3.4', '2001:db8::1/64', 'fe80::1%eth0', '::ffff:1.2.3.4', '1:2:3', '2001:db8:::1', 'g::', ' ::1'])
  test(refused, parseIpv6, text);
for (const text of ['', '2001:db8::', '2001:db8::/129', '2001:db8::/', '2001:db8::/064', '10.0.0.0/8', '2001:db8::/64/64'])
  test(refused, parseSubnet6, text);

test('addresses are written as RFC 5952 wants', (t) => {
  for (const text of ['2001:DB8:0:0:0:0:0:1', '2001:db8::0001', '2001:db8:0::1']) t.is(formatIpv6(parseIpv6(text)!), '2001:db8::1');
  t.is(formatIpv6(parseIpv6('2001:db8:0:1:1:1:1:1')!), '2001:db8:0:1:1:1:1:1');
});

test('a subnet knows whether host bits were set', (t) => {
  t.like(parseSubnet6('2001:DB8:a::5/64'), { cidr: '2001:db8:a::/64', prefix: 64, hostBits: true });
  t.like(parseSubnet6('2001:db8:a::/64'), { hostBits: false });
});

test('what no host can use is told from what the internet does not carry', (t) => {
  for (const cidr of ['::1/128', 'fe80::/64', 'ff02::/16', '::/0']) t.truthy(unusable6(subnet6Of(cidr)), cidr);
  for (const cidr of ['2001:db8::/32', 'fd00::/8', '2000::/3']) t.is(unusable6(subnet6Of(cidr)), undefined, cidr);
  t.true(isUniqueLocal(subnet6Of('fd12:3456::/48')));
  t.false(isUniqueLocal(subnet6Of('2001:db8::/48')));
});

test('another prefix keeps the host', (t) => {
  t.is(movePrefix('fd12:3456:789a:1::b', '2001:db8:c::/64'), '2001:db8:c::b');
  t.is(movePrefix('fd12:3456:789a:1:2:3:4:5', '2001:db8:c::/48'), '2001:db8:c:1:2:3:4:5');
});

testProp('any address is what it was after being written and read', [anyAddress], (t, address) => {
  t.is(parseIpv6(formatIpv6(address)), address);
});

testProp('a subnet holds its ends, and overlapping is mutual', [anySubnet, anySubnet], (t, a, b) => {
  t.true(contains(a, a.network) && contains(a, a.broadcast));
  t.is(overlaps(a, b), overlaps(b, a));
  t.is(overlaps(a, b), contains(a, b.network) || contains(b, a.network));
  t.deepEqual(subnet6Of(a.cidr), { ...a, hostBits: false });
});

testProp('an address under another prefix comes back under its own', [anyAddress, anySubnet], (t, address, outside) => {
  const inside = subnet6Of(`${formatIpv6(address)}/${outside.prefix}`);
  const moved = movePrefix(formatIpv6(address), outside.cidr);
  t.true(contains(outside, parseIpv6(moved)!));
  t.is(movePrefix(moved, inside.cidr), formatIpv6(address));
});
