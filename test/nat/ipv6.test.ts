import test from 'ava';
import type { SiteRouter } from '../../src/model/lab.ts';
import type { Ipv6Behaviour } from '../../src/model/nat.ts';
import { declaredFor, describeNat, makeCoreRuleset, makeRuleset, translates } from '../../src/nat/nat.ts';
import { matchGolden } from '../lib/golden.ts';

const at = { wan: '2001:db8::2', lanSubnet: '2001:db8:a::/64' };
const behaviour = (change: Partial<Ipv6Behaviour> = {}): Ipv6Behaviour => ({
  ...{ kind: 'ipv6', filtering: 'address-and-port-dependent', timeouts: { udp: 30, tcp: 7440 } },
  ...change,
});
const rulesets: [string, Ipv6Behaviour, typeof at][] = [
  ['answers-only', behaviour(), at],
  ['endpoint-independent', behaviour({ filtering: 'endpoint-independent' }), at],
  [
    'prefix-address-dependent',
    behaviour({ filtering: 'address-dependent', prefix: '2001:db8:c::/64', inbound: 'reject', blocksUdp: true }),
    { ...at, lanSubnet: 'fd00:1::/64' },
  ],
  ['open', behaviour({ filtering: 'open' }), at],
];

for (const [name, nat, where] of rulesets)
  test(`ruleset of an IPv6 router: ${name}`, (t) =>
    matchGolden(t, new URL(`goldens/ipv6-${name}.nft`, import.meta.url), makeRuleset(nat, where)));

test('ruleset of the IPv6 core', (t) =>
  matchGolden(
    t,
    new URL('goldens/ipv6-core.nft', import.meta.url),
    makeCoreRuleset({ subnet: '2001:db8::/64', routed: ['2001:db8:a::/64', '2001:db8:c::/64'], hidden: ['fd00:1::/64'] }),
  ));

test('a table of one family says nothing of the other', (t) => {
  for (const [, nat, where] of rulesets) t.notRegex(makeRuleset(nat, where), /\bip saddr|\bip daddr|ipv4_addr|icmp type|table ip lab/);
});

test('IPv6 in words', (t) => {
  t.is(describeNat(behaviour()), 'IPv6 as it is, APDF');
  t.is(describeNat(behaviour({ filtering: 'open', prefix: '2001:db8:c::/64' })), 'IPv6 as 2001:db8:c::/64, everybody gets in');
  t.false(translates(behaviour()));
  t.true(translates(behaviour({ prefix: '2001:db8:c::/64' })));
});

const router = (nat: Ipv6Behaviour): SiteRouter => ({ name: 'r', wan: '2001:db8::2', lan: 'fd00:1::1', nat, natName: 'x' });

test('a host is expected by its own address, or by that of the prefix', (t) => {
  const plain = declaredFor([router(behaviour())], '2001:db8:a::b');
  t.is(plain['UDP unsolicited'], 'kept out');
  t.like(plain, { 'UDP outside address': '2001:db8:a::b', 'UDP filtering': 'address-and-port-dependent', 'UDP ports': 'preserved' });
  t.false('UDP hairpinning' in plain);
  const moved = declaredFor([router(behaviour({ filtering: 'open', prefix: '2001:db8:c::/64' }))], 'fd00:1::b');
  t.is(moved['UDP unsolicited'], 'let in');
  t.like(moved, { 'TCP outside address': '2001:db8:c::b', 'TCP filtering': 'endpoint-independent', 'UDP mapping': 'endpoint-independent' });
});

test('a prefix hairpins where strangers are let in', (t) => {
  const hairpinning = (filtering: Ipv6Behaviour['filtering']) =>
    declaredFor([router(behaviour({ filtering, prefix: '2001:db8:c::/64' }))], 'fd00:1::b')['UDP hairpinning'];
  t.is(hairpinning('endpoint-independent'), 'from the outside address');
  t.is(hairpinning('open'), 'from the outside address');
  t.is(hairpinning('address-dependent'), 'no');
});

test('behind two firewalls the stricter counts', (t) => {
  const way = [router(behaviour({ filtering: 'open' })), router(behaviour({ filtering: 'address-dependent' }))];
  t.like(declaredFor(way, '2001:db8:a::b'), { 'TCP filtering': 'address-dependent', 'UDP unsolicited': 'kept out' });
});
