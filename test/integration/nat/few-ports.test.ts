import test from 'ava';
import { ensureImages } from '../../../src/images/images.ts';
import { withDocker } from '../engine/real-docker.ts';
import { openNatLab, reflector, type NatLab } from './nat-lab.ts';

/** Of a hundred ports fifty and those of the proof are taken when twenty more flows ask, each with one packet. */
const kinds = {
  range: '{ like: home-router, ports: [20000, 20099] }',
  symmetric: '{ like: symmetric, ports: [20000, 20099] }',
  blocks: '{ like: cgnat, ports: { from: 20000, to: 20999, per-subscriber: 100 } }',
  counting: '{ like: symmetric, ports: sequential }',
};

const topology = `
name: nat-few-ports
sites:
  public: { nodes: { server: { role: host } } }
${Object.entries(kinds)
  .map(([name, nat]) => `  ${name}: { subnet: 192.168.1.0/24, nat: ${nat}, nodes: { ${name}-1: { role: host } } }`)
  .join('\n')}
`;

/** Arguments: port, then address and number for each round. A packet from each of so many new sockets, all open to the end; prints where each is seen. */
const askOnce = `
use Socket;
my ($port, @rounds) = @ARGV;
my @all;
while (my ($address, $count) = splice @rounds, 0, 2) {
    my @sockets = map { socket(my $s, PF_INET, SOCK_DGRAM, 17); send($s, "t - 0", 0, pack_sockaddr_in($port, inet_aton($address))); $s } 1 .. $count;
    push @all, @sockets;
    for my $s (@sockets) {
        vec(my $ready = '', fileno $s, 1) = 1;
        my $seen = '';
        recv($s, $seen, 99, 0) if select($ready, undef, undef, 3);
        print "$1\\n" if $seen =~ /^t (.*)/;
    }
}
`;

await withDocker(test, (engine) => {
  let lab: NatLab;
  test.before(async () => {
    lab = await openNatLab(engine, (await ensureImages(['router'])).get('router')!, topology);
  });
  test.after.always(() => lab.close());

  for (const name of Object.keys(kinds))
    test(`of few ports (${name}) every flow gets one that is free with its first packet`, async (t) => {
      // towards one address the kernel alone would keep ports apart
      const rounds = `${reflector.otherAddress} 50 ${reflector.address} 20`;
      const seen = (await lab.ok(`${name}-1`, `perl - ${reflector.port} ${rounds}`, askOnce)).split('\n');
      t.is(seen.length, 70);
      t.is(new Set(seen).size, 70, 'no two share a port');
    });
});
