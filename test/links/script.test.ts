import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { findUnsupported, makeLinkScript, plainLink, probeLinkScript, readLinkProbe } from '../../src/links/links.ts';
import type { LinkCondition, LinkFacts } from '../../src/model/link.ts';
import { matchGolden } from '../lib/golden.ts';

const nothing: LinkFacts = { netem: false, tbf: false, ifb: false, wire: false, egress: false };
const machines = {
  netem: { netem: true, tbf: true, ifb: true, wire: true, egress: true },
  wire: { netem: false, tbf: true, ifb: true, wire: true, egress: true },
  'nft-only': { netem: false, tbf: true, ifb: true, wire: false, egress: true },
} satisfies Record<string, LinkFacts>;

const router = { container: 'lan-a-router', device: 'wan0', inner: 'lan0' };
const conditions = {
  everything: { delayMs: 15, jitterMs: 2, lossPercent: 0.5, duplicatePercent: 1, reorderPercent: 3, rateKbit: 50_000, mtu: 1400 },
  rate: { rateKbit: 512 },
  loss: { lossPercent: 1.25 },
  'loss-and-rate': { lossPercent: 1.25, rateKbit: 10_000 },
} satisfies Record<string, LinkCondition>;

for (const [machine, facts] of Object.entries(machines))
  for (const [name, condition] of Object.entries(conditions)) {
    if (machine === 'nft-only' && name === 'everything') continue;
    test(`${name} on a machine with ${machine}`, async (t) => {
      const made = makeLinkScript(router, { up: condition, down: condition }, facts);
      await matchGolden(t, new URL(`goldens/${machine}-${name}.sh`, import.meta.url), 'script' in made ? made.script : made.unsupported);
    });
  }

test('what no machine can do is refused with the reasons', (t) => {
  t.is(findUnsupported({ up: { delayMs: 5 }, down: {} }, machines.wire), undefined);
  t.regex(
    findUnsupported({ up: { delayMs: 5 }, down: {} }, machines['nft-only']) ?? '',
    /the kernel has no netem; TAP devices, .* are missing/,
  );
  t.regex(findUnsupported({ up: {}, down: { rateKbit: 100 } }, { ...machines['nft-only'], ifb: false }) ?? '', /no ifb/);
  t.is(findUnsupported(plainLink, nothing), undefined);
});

test('the probe is read as what works', (t) => {
  t.deepEqual(readLinkProbe('tbf\nifb\negress\nwire\n'), machines.wire);
  t.deepEqual(readLinkProbe(''), nothing);
  t.regex(probeLinkScript, /^exec 2>\/dev\/null/);
});

const percent = fc.double({ min: 0, max: 100, noNaN: true });
const way = fc.record(
  { delayMs: fc.double({ min: 0, max: 10_000, noNaN: true }), jitterMs: fc.nat(100), lossPercent: percent, duplicatePercent: percent,
    reorderPercent: percent, rateKbit: fc.integer({ min: 8, max: 10_000_000 }), mtu: fc.integer({ min: 576, max: 1500 }) },
  { requiredKeys: [] },
); // prettier-ignore
const anyFacts = fc.record({ netem: fc.boolean(), tbf: fc.boolean(), ifb: fc.boolean(), wire: fc.boolean(), egress: fc.boolean() });

testProp('a condition becomes a script or a reason, and never an exception', [way, way, anyFacts], (t, up, down, facts) => {
  const made = makeLinkScript(router, { up, down }, facts);
  if ('unsupported' in made) t.not(made.unsupported, '');
  else {
    // figures reach tc and our program as plain numbers: no exponents, no fractions they would not read
    t.notRegex(made.script.replace(/^printf .*$/m, ''), /\d[eE][+-]\d|NaN|undefined/);
    t.is('unsupported' in made ? made.unsupported : findUnsupported({ up, down }, facts), undefined);
  }
});

testProp('what is set is what is undone: clearing removes each thing that any script makes', [way, way, anyFacts], (t, up, down, facts) => {
  const made = makeLinkScript(router, { up, down }, facts);
  const cleared = makeLinkScript(router, plainLink, facts);
  if ('unsupported' in made || 'unsupported' in cleared) return t.pass();
  for (const [makes, removes] of [
    [/add table netdev link_wan0/, /delete table netdev link_wan0/],
    [/tc qdisc add dev wan0 root/, /tc qdisc del dev wan0 root/],
    [/ip link add wan0-ifb/, /ip link del wan0-ifb/],
    [/edgelab-wire "/, /!= edgelab-wire \] \|\| kill/],
    [/dev wan0 mtu \d+/, /s\/ mtu \[0-9\]\+\/\//],
  ] as const)
    if (makes.test(made.script)) t.regex(cleared.script, removes);
  t.notRegex(cleared.script, /tc qdisc add|ip link add|edgelab-wire "/);
});
