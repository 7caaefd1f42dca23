import test from 'ava';
import { withDocker } from '../engine/real-docker.ts';
import { openNatLab, reflector, type NatLab } from './nat-lab.ts';

const topology = `
name: nat-network
internet: { subnet: 45.77.0.0/24 }
sites:
  public: { nodes: { server: { role: host } } }
  lan-a: { subnet: 192.168.1.0/24, nat: port-restricted, nodes: { a1: { role: host }, a2: { role: host } } }
  lan-b: { subnet: 192.168.1.0/24, nat: symmetric, nodes: { b1: { role: host } } }
  lan-c: { subnet: 192.168.3.0/24, nat: masquerade, nodes: { c1: { role: host } } }
`;

/** One UDP question to the reflector; prints the source it saw. */
const ask = `perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 17); my $to = pack_sockaddr_in(${reflector.port}, inet_aton("${reflector.address}"));
for (1 .. 20) { send(S, "t - 0", 0, $to); vec($r = "", fileno(S), 1) = 1; if (select($r, undef, undef, 0.3)) { recv(S, $_, 99, 0); print((split)[1]); exit 0 } } exit 1'`;

/** How a TCP connection attempt ends, in the kernel's words: `Connection refused`, `No route to host`, or `silence` after 1.5 seconds. */
const connect = (address: string, port: number) => `perl -MSocket -MErrno -e '
  socket(S, PF_INET, SOCK_STREAM, 6); $SIG{ALRM} = sub { print "silence"; exit }; alarm 2;
  print(connect(S, pack_sockaddr_in(${port}, inet_aton("${address}"))) ? "connected" : "$!")'`;

/** Packets with a private source, as a capture filter. */
const privateSources = 'src net 10.0.0.0/8 or src net 172.16.0.0/12 or src net 192.168.0.0/16';

await withDocker(test, (engine, image) => {
  let lab: NatLab;
  test.before(async () => {
    lab = await openNatLab(engine, image, topology);
  });
  test.after.always(() => lab.close());

  /** Captures while `work` runs; the lines seen. Watching begins before the work does. */
  const capture = async (container: string, interfaceName: string, filter: string, work: () => Promise<void>): Promise<string[]> => {
    await lab.ok(
      container,
      `tcpdump --immediate-mode -lnni ${interfaceName} '${filter}' > /tmp/capture 2> /tmp/capture.log & echo $! > /tmp/capture.pid
       for _ in $(seq 100); do grep -q listening /tmp/capture.log && exit 0; sleep 0.05; done; cat /tmp/capture.log; exit 1`,
    );
    await work();
    const text = await lab.ok(
      container,
      'kill -INT $(cat /tmp/capture.pid); while kill -0 $(cat /tmp/capture.pid) 2>/dev/null; do sleep 0.05; done; cat /tmp/capture',
    );
    return text.split('\n').filter((line) => line !== '');
  };

  test('LANs with equal subnets and equal host addresses both reach the internet, each from its own outside address', async (t) => {
    t.is(await lab.ok('a1', 'hostname -I'), await lab.ok('b1', 'hostname -I'));
    const seen = await Promise.all(['a1', 'b1', 'c1', 'a2'].map((node) => lab.ok(node, ask)));
    t.deepEqual(seen, ['45.77.0.2', '45.77.0.3', '45.77.0.4', '45.77.0.2']);
  });

  test('the private address of another LAN is answered as unreachable', async (t) => {
    const attempts = await Promise.all(['a1', 'server'].map((node) => lab.ok(node, connect('192.168.3.11', 80))));
    t.deepEqual(attempts, ['No route to host', 'No route to host']);
  });

  test('nothing leaves the lab: other addresses, and the carrier network of Docker, are unreachable', async (t) => {
    const { dockerAddresses } = await engine.inspect(lab.lab.name, 'server');
    const gateway = Object.values(dockerAddresses)[0]!.replace(/\d+$/, '1');
    const attempts = ['8.8.8.8', gateway].flatMap((address) => ['a1', 'server'].map((node) => lab.ok(node, connect(address, 80))));
    t.deepEqual([...new Set(await Promise.all(attempts))], ['No route to host']);
  });

  test('neighbours on a LAN reach each other without the router', async (t) => {
    t.is(await lab.ok('a1', connect('192.168.1.12', 9)), 'Connection refused');
  });

  test('a router answers the internet with silence, whatever the port', async (t) => {
    const routers = ['45.77.0.2', '45.77.0.3', '45.77.0.4'];
    const attempts = await Promise.all(routers.flatMap((router) => [22, 53].map((port) => lab.ok('server', connect(router, port)))));
    t.deepEqual([...new Set(attempts)], ['silence']);
  });

  test('the lab has a DNS of its own that knows every machine and nothing else', async (t) => {
    const lookup = (node: string, name: string) => lab.ok(node, `getent -s dns hosts ${name} | tr -s ' ' | cut -d' ' -f1 || true`);
    t.is(await lookup('a1', 'server'), '45.77.0.10');
    t.is(await lookup('b1', 'lan-a-router'), '45.77.0.2');
    t.is(await lookup('server', 'c1.lan-c'), '192.168.3.11');
    t.is(await lookup('a1', 'registry.example.com'), '');
    t.is((await lab.sh('a1', 'timeout 1 getent -s dns hosts registry.example.com')).code, 2, 'an answer, not a time-out');
  });

  test('no machine has IPv6, a route of Docker, or a rule of its resolver', async (t) => {
    for (const { name } of lab.plan.containers) {
      t.is(await lab.ok(name, 'ip -6 -o address show scope link; ip -6 -o address show scope global'), '', name);
      t.is(await lab.ok(name, 'ip route show | grep -c 198.18 || true'), '0', name);
      t.is(await lab.ok(name, 'nft list ruleset | grep -ci docker || true'), '0', name);
    }
  });

  test('what a LAN host sends with a foreign source never crosses the router', async (t) => {
    const seen = await capture('server', 'eth0', privateSources, async () => {
      await lab.ok(
        'a1',
        'ip address add 10.99.0.1/32 dev lo && ping -c 3 -i 0.2 -W 1 -I 10.99.0.1 45.77.0.10 > /dev/null; ip address del 10.99.0.1/32 dev lo',
      );
      t.is(await lab.ok('a1', ask), '45.77.0.2');
    });
    t.deepEqual(seen, []);
    t.regex(await lab.ok('lan-a-router', 'nft list chain ip lab forward'), /ip saddr != 192\.168\.1\.0\/24 counter packets [1-9]/);
  });

  test('not one private source is on the internet while a router stops and starts under traffic, and the flow is translated again', async (t) => {
    const flood = `perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 17); bind(S, pack_sockaddr_in(5353, INADDR_ANY)); my $to = pack_sockaddr_in(${reflector.port}, inet_aton("${reflector.address}"));
      while (1) { send(S, "t - 0", 0, $to); select(undef, undef, undef, 0.0003) }' > /dev/null 2>&1 & echo $! > /tmp/flood`;
    await lab.ok('a1', flood);
    const seen = await capture('server', 'eth0', privateSources, async () => {
      // One stop in three showed it when the kernel took the rules away before the interfaces.
      for (const end of ['stop', 'kill', 'stop', 'kill', 'stop', 'kill'] as const) {
        await lab.restart('lan-a-router', end);
        t.is(await lab.ok('a1', ask), '45.77.0.2');
      }
    });
    await lab.ok('a1', 'kill $(cat /tmp/flood)');
    t.deepEqual(seen, []);
  });
});
