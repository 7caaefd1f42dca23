import test from 'ava';
import { fc, testProp } from '@fast-check/ava';
import type { SiteRouter } from '../../../src/model/lab.ts';
import type { NatBehaviour } from '../../../src/model/nat.ts';
import { declaredFor, findNatPreset, natPresets, writeFinding } from '../../../src/nat/nat.ts';

const inside = '192.168.1.11';
const router = (nat: NatBehaviour, wan = '45.77.0.2', more: Partial<SiteRouter> = {}): SiteRouter => ({
  ...{ name: 'r', wan, lan: '192.168.1.1', nat, natName: 'x' },
  ...more,
});
const preset = (name: string): NatBehaviour => findNatPreset(name)!.behaviour;

/** title, routers from the node outwards, some of what a tester must find. */
const cases: [string, SiteRouter[], Record<string, string>][] = [
  [
    'the usual home router',
    [router(preset('home-router'))],
    {
      'UDP mapping': 'endpoint-independent',
      'UDP filtering': 'address-and-port-dependent',
      'UDP ports': 'preserved',
      'UDP hairpinning': 'from the outside address',
      'TCP outside address': '45.77.0.2',
    },
  ],
  [
    'a home behind a provider shows the stricter filtering, the ports of its block, and does not hairpin for itself',
    [router(preset('home-router'), '100.64.0.2'), router(preset('cgnat'), '45.77.0.3', { subscribers: ['100.64.0.9', '100.64.0.2'] })],
    {
      'UDP mapping': 'endpoint-independent',
      'UDP filtering': 'address-and-port-dependent',
      'UDP ports': '11000-11999',
      'UDP hairpinning': 'no',
      'UDP outside address': '45.77.0.3',
    },
  ],
  [
    'an open home behind a hairpinning provider hairpins',
    [router(preset('full-cone'), '100.64.0.2'), router(preset('cgnat'), '45.77.0.3', { subscribers: ['100.64.0.2'] })],
    { 'UDP filtering': 'endpoint-independent', 'UDP hairpinning': 'from the outside address' },
  ],
  [
    'the more dependent mapping of two wins, whichever is outside',
    [router(preset('symmetric'), '100.64.0.2'), router(preset('full-cone'))],
    { 'UDP mapping': 'address-and-port-dependent', 'TCP mapping': 'address-and-port-dependent', 'UDP ports': 'random' },
  ],
  [
    'stock masquerade looks like a home router',
    [router(preset('masquerade'))],
    { 'UDP mapping': 'endpoint-independent', 'UDP ports': 'preserved', 'UDP hairpinning': 'no' },
  ],
  [
    'random masquerade maps each connection anew',
    [router(preset('masquerade-random'))],
    { 'TCP mapping': 'address-and-port-dependent', 'TCP ports': 'random' },
  ],
  [
    'an elastic IP is the node’s own',
    [
      router(preset('one-to-one'), '45.77.0.2', {
        pairs: [
          { inside: '192.168.1.12', outside: '45.77.0.2' },
          { inside, outside: '45.77.0.9' },
        ],
      }),
    ],
    { 'UDP outside address': '45.77.0.9', 'UDP ports': 'preserved' },
  ],
];

for (const [title, way, there] of cases)
  test(title, (t) => {
    t.like(declaredFor(way, inside), there);
  });

test('blocked UDP is all there is to say of UDP', (t) => {
  const found = declaredFor([router(preset('udp-blocked'))], inside);
  t.is(found['UDP'], 'blocked');
  t.deepEqual(
    Object.keys(found).filter((what) => what.startsWith('UDP ')),
    [],
  );
  t.is(found['TCP mapping'], 'endpoint-independent');
});

test('without translation the outside address is the node’s own, and there is nothing to hairpin', (t) => {
  const found = declaredFor([router(preset('firewall'))], inside);
  t.is(found['UDP outside address'], inside);
  t.false('UDP hairpinning' in found);
});

testProp(
  'a chain is never less dependent than any of its routers',
  [fc.array(fc.constantFrom(...natPresets), { minLength: 1, maxLength: 4 })],
  (t, chain) => {
    const dependences = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'];
    const rank = (way: SiteRouter[], what: string) => dependences.indexOf(declaredFor(way, inside)[`TCP ${what}`] ?? '');
    const way = chain.map(({ behaviour }) => router(behaviour));
    for (const what of ['mapping', 'filtering']) t.is(rank(way, what), Math.max(...way.map((one) => rank([one], what))));
  },
);

test('a finding is one line per measurement, in an environment variable', (t) => {
  t.is(writeFinding({ UDP: 'passes', 'TCP mapping': 'address-dependent' }), 'UDP=passes\nTCP mapping=address-dependent');
});
