import test from 'ava';
import type { NatBehaviour } from '../../src/model/nat.ts';
import { describeNat, makeRuleset, natPresets, portBlocks, type RouterFacts } from '../../src/nat/nat.ts';

type Rfc4787 = Extract<NatBehaviour, { kind: 'rfc4787' }>;

const at: RouterFacts = { wan: '45.77.0.2', lanSubnet: '192.168.1.0/24' };
const usual: Rfc4787 = {
  kind: 'rfc4787',
  mapping: 'endpoint-independent',
  filtering: 'address-and-port-dependent',
  ports: 'preserve',
  hairpinning: false,
  timeouts: { udp: 30, tcp: 7440 },
};
const stock: NatBehaviour = { kind: 'stock', timeouts: { udp: 120, tcp: 432_000 } };
const forwards: RouterFacts['forwards'] = [
  { protocol: 'udp', outside: [45_000, 45_000], to: '192.168.1.11', inside: [4500, 4500] },
  { protocol: 'tcp', outside: [10_000, 10_002], to: '192.168.1.12', inside: [30_000, 30_002] },
];
const pairs = [
  { inside: '192.168.1.11', outside: '45.77.0.2' },
  { inside: '192.168.1.12', outside: '45.77.0.3' },
];

const lines = (behaviour: NatBehaviour, more: Partial<RouterFacts> = {}): string => makeRuleset(behaviour, { ...at, ...more });

/** title, rules, what must be in them, what must not. */
const cases: [string, string, (string | RegExp)[], string[]][] = [
  [
    'sequential ports are counted up',
    lines({ ...usual, ports: 'sequential' }),
    [/udp sport set numgen inc mod 1024 map \{ 0 : 40000, 1 : 40001,/, 'masquerade to :th sport'],
    ['numgen random'],
  ],
  [
    'a port range is picked from at random',
    lines({ ...usual, ports: { from: 2000, to: 2999 } }),
    [`numgen random mod ${1000 * 65_536} offset ${2000 * 65_536}`],
    ['1024-65535'],
  ],
  [
    'a subscriber has the ports of its block, and who has none has no ports',
    lines({ ...usual, ports: { from: 1000, to: 4999, perSubscriber: 1000 } }, { subscribers: ['192.168.1.11', '192.168.1.12'] }),
    [
      '192.168.1.11 : 45.77.0.2 . 1000-1999, 192.168.1.12 : 45.77.0.2 . 2000-2999',
      'snat ip to ip saddr map @blocks fully-random',
      'meta l4proto { tcp, udp } counter drop',
    ],
    [],
  ],
  [
    'a refusing router answers at once',
    lines({ ...usual, inbound: 'reject' }),
    [
      'iifname "wan0" meta l4proto tcp counter reject with tcp reset',
      'iifname "wan0" meta l4proto udp counter reject with icmp port-unreachable',
    ],
    [],
  ],
  [
    'an accepting router leaves the ports of LAN hosts alone',
    lines({ ...usual, inbound: 'accept' }),
    [/th dport @owner counter drop\n +iifname "wan0" meta l4proto \{ tcp, udp \} accept/],
    [],
  ],
  [
    'stock masquerade that accepts has no owners to protect',
    lines({ ...stock, inbound: 'accept' }),
    ['iifname "wan0" meta l4proto { tcp, udp } accept'],
    ['@owner'],
  ],
  ['stock masquerade may take random ports', lines({ ...stock, ports: 'random' }), ['masquerade fully-random'], []],
  [
    'blocked UDP still resolves names',
    lines({ ...usual, blocksUdp: true }),
    ['iifname "lan0" meta l4proto udp th dport != 53 counter drop'],
    [],
  ],
  [
    'forwards come before mappings and are nobody’s ports',
    lines({ ...usual, filtering: 'endpoint-independent' }, { forwards }),
    [
      'udp . 45000 : 192.168.1.11 . 4500, tcp . 10000 : 192.168.1.12 . 30000, tcp . 10001 : 192.168.1.12 . 30001',
      /@forwards\n.*@owner/,
      'th sport @forwards jump draw',
      'th sport != @owner meta l4proto . th sport != @forwards masquerade',
      'ct reply proto-dst @forwards counter drop',
      'ct status dnat accept',
    ],
    ['iifname "lan0" ip daddr 45.77.0.2 dnat'],
  ],
  [
    'with hairpinning forwards are reached from the LAN',
    lines({ ...usual, hairpinning: true }, { forwards }),
    ['iifname "lan0" ip daddr 45.77.0.2 dnat ip to meta l4proto . th dport map @forwards'],
    [],
  ],
  [
    'stock masquerade forwards too',
    lines(stock, { forwards }),
    ['dnat ip to meta l4proto . th dport map @forwards', 'ct status dnat accept'],
    ['learn'],
  ],
  [
    'one-to-one translates pairs both ways and lets nothing else out',
    lines({ kind: 'one-to-one', filtering: 'endpoint-independent', timeouts: usual.timeouts }, { pairs }),
    [
      'dnat ip to ip daddr map { 45.77.0.2 : 192.168.1.11, 45.77.0.3 : 192.168.1.12 }',
      'snat ip to ip saddr map { 192.168.1.11 : 45.77.0.2, 192.168.1.12 : 45.77.0.3 }',
      'oifname "wan0" ip saddr != { 45.77.0.2, 45.77.0.3 } counter drop',
      'iifname "wan0" oifname "lan0" ct status dnat accept',
    ],
    ['masquerade'],
  ],
  [
    'one-to-one behind a security group lets in only answers',
    lines({ kind: 'one-to-one', filtering: 'address-and-port-dependent', timeouts: usual.timeouts }, { pairs }),
    [],
    ['ct status dnat accept'],
  ],
  [
    'a firewall translates nothing and lets in only answers',
    lines({ kind: 'firewall', timeouts: usual.timeouts }),
    ['ip saddr { 10.0.0.0/8'],
    ['snat', 'masquerade', 'iifname "wan0" oifname "lan0"'],
  ],
  [
    'a firewall may refuse',
    lines({ kind: 'firewall', inbound: 'reject', timeouts: usual.timeouts }),
    ['iifname "wan0" oifname "lan0" meta l4proto tcp counter reject with tcp reset'],
    [],
  ],
  [
    'what is routed further in is translated with the LAN',
    lines(usual, { routedSubnets: ['10.1.0.0/24'] }),
    ['oifname "wan0" ip saddr { 192.168.1.0/24, 10.1.0.0/24 } meta l4proto'],
    [],
  ],
  [
    'behind another NAT a router may show its private LAN, and no other',
    lines({ kind: 'none' }, { privateUplink: true }),
    ['ip saddr != { 45.77.0.2, 192.168.1.0/24 } counter drop'],
    ['10.0.0.0/8'],
  ],
];

for (const [title, text, there, absent] of cases)
  test(title, (t) => {
    for (const one of there) t.true(typeof one === 'string' ? text.includes(one) : one.test(text), `${String(one)}\nis not in\n${text}`);
    for (const one of absent) t.false(text.includes(one), `${one}\nis in\n${text}`);
  });

test('blocks are disjoint, and those the range has no room for are left out', (t) => {
  const blocks = portBlocks({ from: 1000, to: 3499, perSubscriber: 1000 }, ['10.0.0.1', '10.0.0.2', '10.0.0.3'], ['45.77.0.2']);
  t.deepEqual(blocks, [
    { address: '10.0.0.1', outside: '45.77.0.2', from: 1000, to: 1999 },
    { address: '10.0.0.2', outside: '45.77.0.2', from: 2000, to: 2999 },
  ]);
});

test('each outside address of a pool has room for as many blocks', (t) => {
  const subscribers = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'];
  const blocks = portBlocks({ from: 1000, to: 2999, perSubscriber: 1000 }, subscribers, ['45.77.0.2', '45.77.0.9']);
  t.deepEqual(
    blocks.map(({ outside, from }) => `${outside} ${from}`),
    ['45.77.0.2 1000', '45.77.0.9 1000', '45.77.0.2 2000', '45.77.0.9 2000'],
  );
});

const pooled = { ...at, pool: ['45.77.0.2', '45.77.0.9'], subscribers: ['192.168.1.11', '192.168.1.12', '192.168.1.13'] };

test('the hosts of a paired pool take its addresses in turn, and one the plan does not know goes where its address hashes to', (t) => {
  const text = makeRuleset(usual, pooled);
  t.true(text.includes('ip saddr vmap { 192.168.1.11 : goto take, 192.168.1.12 : goto take_2, 192.168.1.13 : goto take }'));
  t.true(text.includes('jhash ip saddr mod 2 vmap { 0 : goto take, 1 : goto take_2 }'));
  t.false(text.includes('numgen random mod 2 '));
});

test('each new mapping of an arbitrary pool takes any of its addresses, and keeps it', (t) => {
  const text = makeRuleset({ ...usual, pooling: 'arbitrary' }, pooled);
  t.true(text.includes('numgen random mod 2 vmap { 0 : goto take, 1 : goto take_2 }'));
  t.true(text.includes('snat ip to 45.77.0.9:meta l4proto . ip saddr . th sport map @reuse_2'));
  t.false(text.includes('jhash'));
});

test('each outside address of a pool owns its ports: no map of one is filled or asked for another', (t) => {
  for (const pooling of [{}, { pooling: 'arbitrary' as const }]) {
    const text = makeRuleset({ ...usual, filtering: 'address-dependent', hairpinning: true, ...pooling }, pooled);
    for (const line of text.split('\n').filter((one) => /@(owner|users|peers|reuse)_2/.test(one)))
      t.true(line.includes('45.77.0.9') || /th sport @owner_2/.test(line), line);
    for (const line of text.split('\n').filter((one) => /@(owner|users|peers|reuse)\b/.test(one)))
      t.true(line.includes('45.77.0.2') || /th sport @owner\b/.test(line), line);
  }
});

test('whatever the preset, nothing but outside addresses can leave, and only what it declares comes in', (t) => {
  for (const { name, behaviour } of natPresets) {
    const text = makeRuleset(behaviour, { ...at, pairs, subscribers: ['192.168.1.11'] });
    t.regex(text, /chain guard \{\n.*srcnat \+ 20; policy accept;\n.*oifname "wan0" ip saddr .*counter drop\n/, name);
    t.regex(text, /hook input priority filter; policy drop;/, name);
    t.regex(text, /hook forward priority filter; policy drop;/, name);
  }
});

test('no two presets behave the same', (t) => {
  t.is(new Set(natPresets.map(({ behaviour }) => JSON.stringify(behaviour))).size, natPresets.length);
});

test('every behaviour has words', (t) => {
  const words = Object.fromEntries(natPresets.map(({ name, behaviour }) => [name, describeNat(behaviour)]));
  t.is(words['home-router'], 'EIM/APDF, ports preserved, hairpinning');
  t.is(words['symmetric-sequential'], 'APDM/APDF, sequential ports');
  t.is(words['cgnat'], 'EIM/EIF, ports 10000-59999 in blocks of 1000, hairpinning');
  t.is(words['udp-blocked'], 'EIM/APDF, ports preserved, UDP blocked');
  t.is(words['masquerade-reject'], 'looks EIM/APDF, ports overloaded, unsolicited rejected');
  t.is(words['one-to-one'], '1:1, APDF');
});
