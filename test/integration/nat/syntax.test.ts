import { execFileSync } from 'node:child_process';
import test from 'ava';
import type { Dependence, NatBehaviour } from '../../../src/model/lab.ts';
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

await withDocker(test, (_engine, image) => {
  test('nft accepts every ruleset there can be, and loads each over the one before', (t) => {
    const rulesets = [
      ...natPresets.map(({ behaviour }) => makeRuleset(behaviour, at)),
      ...combinations.map((behaviour) => makeRuleset(behaviour, at)),
      makeCoreRuleset({ subnet: '45.77.0.0/24', routed: [] }),
      makeCoreRuleset({ subnet: '10.0.0.0/24', routed: ['45.78.0.0/24', '45.79.0.0/24'] }),
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
