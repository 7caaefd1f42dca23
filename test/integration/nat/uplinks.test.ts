import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { until } from '../../../src/lib/until.ts';
import { withDocker } from '../engine/real-docker.ts';
import { openNatLab, reflector, type NatLab } from './nat-lab.ts';

const topology = `
name: nat-uplinks
internet: { subnet: 45.77.0.0/24 }
sites:
  public: { nodes: { server: { role: host } } }
  isp-1: { subnet: 100.64.1.0/24, nat: cgnat, nodes: {} }
  isp-2: { subnet: 100.64.2.0/24, nat: symmetric, nodes: {} }
  office:
    uplinks: [isp-1, isp-2]
    subnet: 192.168.1.0/24
    nat: home-router
    forwards: [tcp 80 -> desk:8080]
    nodes: { desk: { role: host } }
  shop:
    uplinks: [internet, isp-2]
    subnet: 192.168.1.0/24
    nat: { like: full-cone, addresses: 2 }
    nodes: { till: { role: host }, safe: { role: host } }
`;
const isp1 = '45.77.0.2';
const isp2 = '45.77.0.3';
const shop: [string, string] = ['45.77.0.4', '45.77.0.128'];

/** The outside address that the server sees, of a fresh socket or of one with this port; `silence` after two seconds. */
const ask = (port = 0) => `perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 17); bind(S, pack_sockaddr_in(${port}, INADDR_ANY));
  for (1 .. 10) { send(S, "t - 0", 0, pack_sockaddr_in(${reflector.port}, inet_aton("${reflector.address}")));
    vec($r = "", fileno(S), 1) = 1; if (select($r, undef, undef, 0.2)) { recv(S, $_, 99, 0); print((split)[1]); exit 0 } } print "silence"'`;

/** Asks from one port until told by whom it is seen; prints every change with its second. */
const watch = (wanted: string) => `perl -MSocket -e 'sub now { open(my $u, "<", "/proc/uptime"); (split " ", <$u>)[0] } my $begun = now();
  socket(S, PF_INET, SOCK_DGRAM, 17); bind(S, pack_sockaddr_in(0, INADDR_ANY));
  while (now() - $begun < 10) { send(S, "t - 0", 0, pack_sockaddr_in(${reflector.port}, inet_aton("${reflector.address}")));
    vec(my $r = "", fileno(S), 1) = 1; if (select($r, undef, undef, 0.02)) { recv(S, $_, 99, 0); if ((split)[1] eq "${wanted}") { printf "%.2f", now() - $begun; exit 0 } } } exit 1'`;

await withDocker(test, (engine, image) => {
  let lab: NatLab;
  test.before(async () => {
    lab = await openNatLab(engine, image, topology);
  });
  test.after.always(() => lab.close());

  /** Waits until fresh flows of a node are seen from there. */
  const seenFrom = async (node: string, address: string): Promise<string> => {
    let seen = '';
    const look = async () => {
      seen = await lab.ok(node, ask());
      return seen === address ? true : undefined;
    };
    await until(look, { clock: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) }, limitSeconds: 5, everyMilliseconds: 20 });
    return seen;
  };

  test.serial('with all uplinks alive the first is used', async (t) => {
    t.is(await lab.ok('desk', ask()), isp1);
    t.is(await lab.ok('till', ask()), shop[0]);
    t.is(await lab.ok('safe', ask()), shop[1]);
    t.is(await lab.ok('office-router', 'cat /run/edgelab/uplinks'), 'wan0 alive used\nwan1 alive');
  });

  test.serial(
    'when the first uplink is cut behind its provider, flows go on by the second within three seconds, and new ones come back after it heals',
    async (t) => {
      t.is(await lab.ok('desk', ask(5000)), isp1);
      const heal = await lab.begin('cut_isp', { kind: 'cut', at: 'isp-1', directions: 'both' });
      const seconds = Number(await lab.ok('desk', watch(isp2)));
      t.log(`by the second uplink after ${seconds} s`);
      t.true(seconds < 3, `${seconds} s`);
      t.is(await lab.ok('desk', ask(5000)), isp2, 'the flow of before the cut too');
      await heal();
      t.is(await seenFrom('desk', isp1), isp1);
      t.is(await lab.ok('desk', ask(5000)), isp2, 'a flow stays on the way it is on');
    },
  );

  test.serial(
    'a paired pool behind a cut cable gives way to the second uplink, and each host has its own address again afterwards',
    async (t) => {
      const heal = await lab.begin('cut_shop', { kind: 'cut', at: 'shop', directions: 'both' });
      t.true(Number(await lab.ok('safe', watch(isp2))) < 3);
      t.is(await seenFrom('till', isp2), isp2);
      await heal();
      t.is(await seenFrom('till', shop[0]), shop[0]);
      t.is(await seenFrom('safe', shop[1]), shop[1]);
    },
  );

  test.serial('what comes in by the second uplink is answered by it, while the first is used', async (t) => {
    const { wan } = lab.lab.sites.find(({ name }) => name === 'office')!.lan!.router.backups![0]!;
    await lab.ok(
      'desk',
      `perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 6); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, pack_sockaddr_in(8080, INADDR_ANY)) or die; listen(S, 9);
        open(STDOUT, ">/tmp/serving"); while (accept(C, S)) { syswrite(C, "hello"); close C }' > /dev/null 2>&1 &
       until [ -e /tmp/serving ]; do sleep 0.02; done`,
    );
    const connect = `perl -MSocket -e '$SIG{ALRM} = sub { print "silence"; exit }; alarm 2; socket(S, PF_INET, SOCK_STREAM, 6);
      connect(S, pack_sockaddr_in(80, inet_aton("${wan}"))) or do { print "$!"; exit }; print sysread(S, $t, 99) ? $t : "$!"'`;
    t.is(await lab.ok('isp-2-router', connect), 'hello');
    t.is(await lab.ok('desk', ask()), isp1);
  });

  test.serial('a router that is started again chooses again', async (t) => {
    await lab.restart('office-router', 'kill');
    t.is(await seenFrom('desk', isp1), isp1);
    const heal = await lab.begin('cut_again', { kind: 'cut', at: 'isp-1', directions: 'both' });
    t.is(await seenFrom('desk', isp2), isp2);
    await heal();
  });

  test.serial('through all that no packet with the address of a LAN was on the internet', async (t) => {
    t.regex(await lab.ok('internet-core', 'nft list counter ip lab leaked'), /packets 0 /);
  });
});
