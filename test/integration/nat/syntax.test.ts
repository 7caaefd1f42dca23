import { execFileSync } from 'node:child_process';
import test from 'ava';
import type { Dependence, NatBehaviour, PortAssignment, PortForward } from '../../../src/model/nat.ts';
import { makeCoreRuleset, makeRuleset, natPresets } from '../../../src/nat/nat.ts';
import { withDocker } from '../engine/real-docker.ts';

const at = { wan: '45.77.0.2', lanSubnet: '192.168.1.0/24' };
const dependences: Dependence[] = ['endpoint-independent', 'address-dependent', 'address-and-port-dependent'];
const combinations: NatBehaviour[] = dependences.flatMap((mapping) =>
  dependences.flatMap((filtering) =>
    (['preserve', 'random'] as const).flatMap((ports) =>
      [true, false].flatMap((hairpinning) =>
        [60, 7440].map((tcp) => ({ kind: 'rfc4787' as const, mapping, filtering, ports, hairpinning, timeouts: { udp: 30, tcp } })),
      ),
    ),
  ),
);

/** What a router may have besides its behaviour. */
const everything = {
  pairs: [
    { inside: '192.168.1.11', outside: '45.77.0.2' },
    { inside: '192.168.1.12', outside: '45.77.0.3' },
  ],
  subscribers: ['192.168.1.11', '192.168.1.12'],
  routedSubnets: ['10.1.0.0/24'],
  forwards: [
    { protocol: 'udp', outside: [45_000, 45_000], to: '192.168.1.11', inside: [4500, 4500] },
    { protocol: 'tcp', outside: [10_000, 10_004], to: '192.168.1.12', inside: [30_000, 30_004] },
    {
      ...{ protocol: 'tcp', outside: [80, 81], to: '192.168.1.11', inside: [8080, 8081] },
      ...{ others: [{ to: '192.168.1.12', inside: [9080, 9081] }], balance: 'in-turn' },
    },
    {
      ...{ protocol: 'udp', outside: [53, 53], to: '192.168.1.11', inside: [53, 53] },
      ...{ others: [{ to: '192.168.1.12', inside: [53, 53] }], balance: 'by-source' },
    },
  ] satisfies PortForward[],
};
const pool = { pool: ['45.77.0.2', '45.77.0.3', '45.77.0.9'] };
const backups = [
  { wan: '100.64.2.2', device: 'wan1' },
  { wan: '100.64.3.2', device: 'wan2' },
];
const usual = combinations[0] as Extract<NatBehaviour, { kind: 'rfc4787' }>;
const assignments: PortAssignment[] = ['sequential', { from: 2000, to: 2999 }, { from: 10_000, to: 59_999, perSubscriber: 1000 }];

await withDocker(test, (_engine, image) => {
  test('nft accepts every ruleset there can be, and loads each over the one before', (t) => {
    const rulesets = [
      ...natPresets.map(({ behaviour }) => makeRuleset(behaviour, at)),
      ...natPresets.map(({ behaviour }) => makeRuleset(behaviour, { ...at, ...everything })),
      ...combinations.map((behaviour) => makeRuleset(behaviour, at)),
      ...combinations.map((behaviour) => makeRuleset(behaviour, { ...at, ...everything, ...pool })),
      ...combinations.map((behaviour) =>
        makeRuleset({ ...behaviour, pooling: 'arbitrary', inbound: 'accept' } as NatBehaviour, { ...at, ...everything, ...pool }),
      ),
      ...assignments.map((ports) => makeRuleset({ ...usual, ports }, { ...at, ...everything })),
      ...(['drop', 'reject', 'accept'] as const).map((inbound) => makeRuleset({ ...usual, inbound, blocksUdp: true }, at)),
      ...natPresets
        .filter(({ behaviour }) => behaviour.kind === 'rfc4787' || behaviour.kind === 'stock')
        .flatMap(({ behaviour }) =>
          [{}, pool].map((more) => makeRuleset(behaviour, { ...at, ...everything, ...more, backups, upnp: true })),
        ),
      makeRuleset({ kind: 'none' }, { ...at, peers: ['peer0', 'peer1'] }),
      makeRuleset({ kind: 'none' }, { ...at, privateUplink: true, routedSubnets: ['10.0.0.0/8'] }),
      makeCoreRuleset({ subnet: '45.77.0.0/24', routed: [] }),
      makeCoreRuleset({ subnet: '10.0.0.0/24', routed: ['45.78.0.0/24', '45.79.0.0/24'], hidden: ['192.168.1.0/24', '192.168.0.0/16'] }),
    ];
    // One container for all: separated by a form feed, which no ruleset holds.
    const program = `$/ = "\\f"; $n = 0;
      while (<STDIN>) { chomp; $n++; for my $flag ("-c", "") { open(my $nft, "|-", "nft $flag -f -") or die; print $nft $_; close $nft or die "ruleset $n\\n$_" } }
      print $n`;
    const output = execFileSync('docker', ['run', '--rm', '-i', '--network=none', '--cap-add=NET_ADMIN', image, 'perl', '-e', program], {
      input: rulesets.join('\f'),
      encoding: 'utf8',
    });
    t.is(Number(output), rulesets.length);
  });
});
