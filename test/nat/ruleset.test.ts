import test from 'ava';
import type { NatBehaviour } from '../../src/model/nat.ts';
import { describeNat, makeCoreRuleset, makeRuleset, markRule, natSysctls } from '../../src/nat/nat.ts';

type Rfc4787 = Extract<NatBehaviour, { kind: 'rfc4787' }>;

const at = { wan: '45.77.0.2', lanSubnet: '192.168.1.0/24' };
const usual: Rfc4787 = {
  kind: 'rfc4787',
  mapping: 'endpoint-independent',
  filtering: 'address-and-port-dependent',
  ports: 'preserve',
  hairpinning: false,
  timeouts: { udp: 30, tcp: 7440 },
};
const rules = (change: Partial<Rfc4787> = {}): string => makeRuleset({ ...usual, ...change }, at);
/** The lines of one chain; the generator indents it by two blanks. */
const chain = (text: string, name: string): string => text.split(`\n  chain ${name} {\n`)[1]?.split('\n  }\n')[0] ?? '';

/** title, what differs from the usual home router, chain, what must be in it, what must not. */
const cases: [string, Partial<Rfc4787>, string, string[], string[]][] = [
  ['endpoint-independent mapping looks up the endpoint', {}, 'postrouting', ['. th sport map @reuse'], ['ct original ip daddr']],
  [
    'address-dependent mapping looks up the remote address too',
    { mapping: 'address-dependent' },
    'postrouting',
    ['. th sport . ct original ip daddr map @reuse'],
    [],
  ],
  [
    'address-and-port-dependent mapping looks nothing up',
    { mapping: 'address-and-port-dependent' },
    'postrouting',
    ['fully-random'],
    ['@reuse'],
  ],
  [
    'endpoint-independent filtering lets anyone in',
    { filtering: 'endpoint-independent' },
    'prerouting',
    ['dnat ip to meta l4proto . th dport map @owner'],
    ['@peers'],
  ],
  ['address-dependent filtering asks who was sent to', { filtering: 'address-dependent' }, 'prerouting', ['. ip saddr @peers dnat'], []],
  ['address-and-port-dependent filtering is conntrack alone', {}, 'prerouting', [], ['dnat ip']],
  [
    'preserved ports give way only to an owner',
    { ports: 'preserve' },
    'postrouting',
    ['meta l4proto { tcp, udp } meta l4proto . th sport != @owner masquerade', 'jump pick', 'masquerade to :th sport'],
    [],
  ],
  [
    'random ports never look at the inside port',
    { ports: 'random' },
    'postrouting',
    ['192.168.1.0/24 meta l4proto { tcp, udp } jump pick', '192.168.1.0/24 meta l4proto { tcp, udp } masquerade to :th sport'],
    ['@owner masquerade'],
  ],
  [
    'hairpinning translates destination and source',
    { hairpinning: true },
    'postrouting',
    ['oifname "lan0" ip saddr 192.168.1.0/24 ct status dnat snat ip to 45.77.0.2'],
    [],
  ],
  ['without hairpinning the LAN never meets its own outside address', {}, 'postrouting', [], ['oifname "lan0"']],
];

for (const [title, change, name, there, absent] of cases)
  test(title, (t) => {
    const text = chain(rules(change), name);
    t.not(text, '');
    for (const line of there) t.true(text.includes(line), `${line}\nis not in\n${text}`);
    for (const line of absent) t.false(text.includes(line), `${line}\nis in\n${text}`);
  });

const dependences = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'] as const;
const everything: NatBehaviour[] = [
  { kind: 'none' },
  { kind: 'stock', timeouts: { udp: 120, tcp: 432_000 } },
  ...dependences.flatMap((mapping) =>
    dependences.flatMap((filtering) =>
      (['preserve', 'random'] as const).flatMap((ports) =>
        [true, false].map((hairpinning) => ({ ...usual, mapping, filtering, ports, hairpinning })),
      ),
    ),
  ),
];

test('whatever the behaviour, the router drops what comes for itself from outside', (t) => {
  for (const behaviour of everything) {
    const input = chain(makeRuleset(behaviour, at), 'input');
    t.true(input.includes('hook input priority filter; policy drop;'));
    t.false(/wan0.*accept/.test(input));
  }
});

test('whatever the behaviour, nothing private can leave by the outside interface', (t) => {
  for (const behaviour of everything) {
    const guard = chain(makeRuleset(behaviour, at), 'guard');
    t.regex(guard, /hook postrouting priority srcnat \+ 20;/);
    t.regex(
      guard,
      behaviour.kind === 'none'
        ? /oifname "wan0" ip saddr \{ 10\.0\.0\.0\/8.*counter drop/
        : /oifname "wan0" ip saddr != 45\.77\.0\.2 counter drop/,
    );
  }
});

test('whatever the behaviour, the first rule is the one without which the way out of the LAN is closed', (t) => {
  for (const behaviour of everything)
    t.regex(
      makeRuleset(behaviour, at).split('table ip lab {\n')[1] ?? '',
      /^ {2}chain seen \{\n.*prerouting priority mangle.*\n +iifname "lan0" meta mark set/,
    );
  t.is(markRule('lan0'), 'iif lan0 fwmark 0/0x1 blackhole');
});

test('different behaviours have different rules, equal ones equal rules', (t) => {
  const texts = everything.map((behaviour) => makeRuleset(behaviour, at));
  t.is(new Set(texts).size, everything.length);
  t.deepEqual(
    everything.map((behaviour) => makeRuleset(structuredClone(behaviour), at)),
    texts,
  );
});

test('no set has more than the five fields nft can name', (t) => {
  for (const behaviour of everything)
    for (const [, type = ''] of makeRuleset(behaviour, at).matchAll(/type ([a-z_0-9 .]+)[:;]/g)) t.true(type.split(' . ').length <= 5);
});

test('both ends of a behaviour can be on interfaces of other names', (t) => {
  const text = makeRuleset(usual, { ...at, wanInterface: 'up0', lanInterface: 'down0' });
  t.false(/wan0|lan0/.test(text));
  t.true(text.includes('oifname "up0" ip saddr 192.168.1.0/24'));
});

test('a mapping lives as long as declared, a TCP one less while its connection opens or closes', (t) => {
  const text = rules({ timeouts: { udp: 45, tcp: 9000 } });
  t.regex(chain(text, 'learn_udp'), /timeout 45s/);
  t.regex(chain(text, 'learn_tcp'), /timeout 9000s/);
  t.regex(chain(text, 'learn_tcp_short'), /timeout 240s/);
  const brief = rules({ timeouts: { udp: 5, tcp: 60 } });
  t.is(chain(brief, 'learn_tcp'), '');
  t.regex(chain(brief, 'learn_tcp_short'), /timeout 60s/);
});

test('connection tracking forgets exactly when the mapping does, and follows flags alone', (t) => {
  t.deepEqual(natSysctls({ ...usual, timeouts: { udp: 45, tcp: 9000 } }), {
    'net.netfilter.nf_conntrack_udp_timeout': 45,
    'net.netfilter.nf_conntrack_udp_timeout_stream': 45,
    'net.netfilter.nf_conntrack_tcp_timeout_established': 9000,
    // RFC 5508 REQ-2, where it is not stock Linux
    'net.netfilter.nf_conntrack_icmp_timeout': 60,
    // RFC 5382 REQ-2, likewise
    'net.netfilter.nf_conntrack_tcp_be_liberal': 1,
  });
  t.is(natSysctls({ kind: 'stock', timeouts: { udp: 120, tcp: 432_000 } })['net.netfilter.nf_conntrack_udp_timeout'], 30);
  t.deepEqual(natSysctls({ kind: 'none' }), {});
});

test('the core drops private sources but not those of an internet that is itself private', (t) => {
  t.true(makeCoreRuleset({ subnet: '10.9.0.0/24', routed: [] }).includes('169.254.0.0/16 } ip saddr != 10.9.0.0/24 counter drop'));
});

test('the core forwards between the internet and routed sites only', (t) => {
  const text = makeCoreRuleset({ subnet: '45.77.0.0/24', routed: ['45.78.1.0/24'] });
  t.true(text.includes('ip saddr { 45.77.0.0/24, 45.78.1.0/24 } ip daddr { 45.77.0.0/24, 45.78.1.0/24 } accept'));
});

test('a behaviour is described in the words of STUN testers', (t) => {
  t.is(describeNat(usual), 'EIM/APDF, ports preserved');
  t.is(describeNat({ ...usual, mapping: 'address-dependent', ports: 'random', hairpinning: true }), 'ADM/APDF, random ports, hairpinning');
  t.is(describeNat({ kind: 'none' }), 'no NAT');
});
