import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { findNatPreset, readStunWords, writeNatYaml } from '../../src/nat/nat.ts';
import type { NatBehaviour } from '../../src/model/nat.ts';
import { labOf } from '../topology/sample.ts';

/** recorded/TOOL/NAT.txt: what the tool printed on a host behind a NAT of that preset, asking the STUN server of the lab. */
const recorded = new URL('recorded/', import.meta.url);
const read = (tool: string, nat: string): string => readFileSync(new URL(`${tool}/${nat}.txt`, recorded), 'utf8');

type Rfc4787 = Extract<NatBehaviour, { kind: 'rfc4787' }>;

/** `axes.txt` was recorded behind this one. */
const axes: Partial<Rfc4787> = { mapping: 'address-dependent', filtering: 'address-dependent', ports: 'preserve', hairpinning: false };

/** What each tool can know of a NAT: without a local address it takes an address that is kept for a NAT that keeps ports. */
const cannotSeeThatNothingIsTranslated = ['pion', 'pystun'];

for (const tool of readdirSync(recorded)) {
  for (const nat of readdirSync(new URL(tool, recorded)).map((file) => file.replace('.txt', ''))) {
    test(`what ${tool} said behind ${nat} is true of it`, (t) => {
      const { mapping, filtering, ports, hairpinning, translates, blocked, assumed = [] } = readStunWords(read(tool, nat));
      if (nat === 'udp-blocked') return t.true(blocked);
      t.is(blocked, undefined);
      if (nat === 'none' || nat === 'firewall') {
        t.is(translates, cannotSeeThatNothingIsTranslated.includes(tool) ? undefined : false);
        t.is(filtering, nat === 'none' ? 'endpoint-independent' : 'address-and-port-dependent');
        return;
      }
      t.is(translates, undefined);
      const truth = nat === 'axes' ? axes : (findNatPreset(nat)!.behaviour as Partial<Rfc4787>);
      t.truthy(mapping);
      if (assumed.includes('mapping')) t.not(truth.mapping, 'endpoint-independent');
      else t.is<unknown, unknown>(mapping, truth.mapping);
      t.truthy(filtering);
      if (!assumed.includes('filtering')) t.is<unknown, unknown>(filtering, truth.filtering);
      if (ports !== undefined) t.is<unknown, unknown>(ports, truth.ports);
      if (hairpinning !== undefined) t.is<unknown, unknown>(hairpinning, truth.hairpinning);
    });
  }
}

const axesKnown = { coturn: 4, pion: 3, pystun: 2, vovida: 4 };
for (const [tool, count] of Object.entries(axesKnown))
  test(`${tool} says ${count} of the axes of a home router, and they make a topology`, (t) => {
    const words = readStunWords(read(tool, 'home-router'));
    t.is(Object.keys(words).length, count);
    const yaml = writeNatYaml(words)!;
    t.regex(yaml, /^nat: # as .*\bhome-router\b/);
    const site = yaml.replaceAll(/^/gm, '    ');
    const lab = labOf(`name: l\nsites:\n  office:\n    subnet: 192.168.1.0/24\n${site}\n    nodes: { desk: { role: host } }\n`);
    t.like(lab.sites[0]?.lan?.router.nat, { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent', ports: 'preserve' });
  });

/** stuntman's `stunclient --mode full`, as its source prints it. */
const stuntman = (behaviour: string, filtering: string): string => `Binding test: success
Local address: 192.168.1.11:40000
Mapped address: 45.77.0.2:61022
Behavior test: success
Nat behavior: ${behaviour}
Filtering test: success
Nat filtering: ${filtering}
`;

test("stuntman's words are read", (t) => {
  t.deepEqual(readStunWords(stuntman('Address and Port Dependent Mapping', 'Address Dependent Filtering')), {
    ...{ mapping: 'address-and-port-dependent', filtering: 'address-dependent', ports: 'random' },
  });
  t.like(readStunWords(stuntman('Direct Mapping', 'Direct Mapping')), { translates: false });
  t.deepEqual(readStunWords(stuntman('Unknown Behavior', 'Unknown Behavior')), { ports: 'random' });
  t.deepEqual(readStunWords('Binding test: fail\nBehavior test: fail\nFiltering test: fail\n'), { blocked: true });
});

test("coturn's slip about address-dependent mapping is seen through", (t) => {
  t.regex(read('coturn', 'axes'), /Address and Port Dependent Mapping/);
  t.is(readStunWords(read('coturn', 'axes')).mapping, 'address-dependent');
});

test("the other words of RFC 3489's tools are read", (t) => {
  t.deepEqual(readStunWords('NAT Type: Open Internet\nExternal IP: 45.77.0.10\n'), {
    ...{ filtering: 'endpoint-independent', translates: false },
  });
  t.regex(writeNatYaml(readStunWords('NAT Type: Symmetric UDP Firewall\n')) ?? '', /^nat: firewall/);
});

test('what was said becomes YAML, what was not becomes a comment, and so does a doubt', (t) => {
  t.is(
    writeNatYaml({ mapping: 'endpoint-independent', filtering: 'address-and-port-dependent', ports: 'preserve', hairpinning: true }),
    `nat: # as home-router
  mapping: endpoint-independent
  filtering: address-and-port-dependent
  ports: preserve
  hairpinning: true
  # timeouts: not measured by these tools; { udp: 30, tcp: 7440 } unless told otherwise
`,
  );
  t.regex(writeNatYaml(readStunWords(read('pystun', 'symmetric'))) ?? '', /mapping: .* # or address-dependent: the tool does not tell/);
  t.regex(writeNatYaml({ mapping: 'address-dependent' }) ?? '', /# filtering: not said, and needed/);
  t.regex(writeNatYaml({ translates: false, filtering: 'address-dependent' }) ?? '', /^nat: firewall/);
  t.regex(writeNatYaml({ blocked: true }) ?? '', /^nat: udp-blocked/);
  t.is(writeNatYaml({ ports: 'random' }), undefined);
});
