import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { LabError } from '../../../src/lib/lab-error.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { awaitOnline, restartContainers, up } from '../../../src/run/run.ts';
import { readLab } from '../../lib/read-lab.ts';
import { withDocker } from '../engine/real-docker.ts';
import { openNatLab, type NatLab } from './nat-lab.ts';

const topology = `
name: nat-ipv6
internet: { subnet: 45.77.0.0/24, subnet6: 2001:db8::/64 }
sites:
  public: { nodes: { server: { role: host }, other: { role: host } } }
  strict: { subnet: 192.168.1.0/24, nat: home-router, subnet6: 2001:db8:a::/64, nodes: { s1: { role: host }, s2: { role: host } } }
  address: { subnet: 192.168.1.0/24, nat: home-router, subnet6: 2001:db8:b::/64, firewall6: address-dependent, nodes: { a1: { role: host } } }
  endpoint: { subnet: 192.168.1.0/24, nat: full-cone, subnet6: 2001:db8:c::/64, firewall6: endpoint-independent, nodes: { e1: { role: host } } }
  open: { subnet: 192.168.1.0/24, nat: symmetric, subnet6: 2001:db8:d::/64, firewall6: open, nodes: { o1: { role: host } } }
  office:
    subnet: 10.1.0.0/16
    nat: symmetric
    subnet6: fd12:3456:789a:1::/64
    prefix6: 2001:db8:e::/64
    firewall6: { filtering: endpoint-independent, inbound: reject }
    nodes: { desk: { role: host } }
  inner: { uplink: open, subnet: 192.168.2.0/24, nat: home-router, subnet6: 2001:db8:f::/64, nodes: { i1: { role: host } } }
  old: { subnet: 192.168.1.0/24, nat: home-router, nodes: { fax: { role: host } } }
`;

/** Answers UDP and TCP at a port with the address that asked. */
const listen = (port: number) => `perl -MSocket=:DEFAULT,inet_ntop,inet_pton -e '
  socket(U, PF_INET6, SOCK_DGRAM, 17); bind(U, pack_sockaddr_in6(${port}, inet_pton(PF_INET6, "::"))) or die;
  socket(T, PF_INET6, SOCK_STREAM, 6); setsockopt(T, SOL_SOCKET, SO_REUSEADDR, 1); bind(T, pack_sockaddr_in6(${port}, inet_pton(PF_INET6, "::"))) or die; listen(T, 9);
  sub who { return inet_ntop(PF_INET6, (unpack_sockaddr_in6($_[0]))[1]) }
  open(STDOUT, ">/tmp/listening${port}");
  while (1) {
    my $r = ""; vec($r, fileno(U), 1) = 1; vec($r, fileno(T), 1) = 1; select($r, undef, undef, undef);
    if (vec($r, fileno(U), 1)) { my $p = recv(U, my $t, 99, 0); send(U, who($p), 0, $p) }
    if (vec($r, fileno(T), 1)) { my $p = accept(my $c, T); syswrite($c, who($p)); close $c }
  }' > /dev/null 2>&1 &
  until [ -e /tmp/listening${port} ]; do sleep 0.02; done`;

/** What comes back from there: the answer, the kernel's words, or silence. \`from\` is the source port; 0 any. */
const ask = (protocol: 'udp' | 'tcp', address: string, port: number, from = 0) => `perl -MSocket=:DEFAULT,inet_pton -e '
  $SIG{ALRM} = sub { print "silence"; exit }; alarm 2;
  socket(S, PF_INET6, ${protocol === 'udp' ? 'SOCK_DGRAM, 17' : 'SOCK_STREAM, 6'}); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);
  bind(S, pack_sockaddr_in6(${from}, inet_pton(PF_INET6, "::"))) or die "bind: $!";
  connect(S, pack_sockaddr_in6(${port}, inet_pton(PF_INET6, "${address}"))) or do { print "$!"; exit };
  ${protocol === 'udp' ? 'syswrite(S, "hello");' : ''} print sysread(S, $t, 99) ? $t : "$!"'`;

const address = (lab: NatLab, name: string): string =>
  lab.lab.sites.flatMap(({ nodes }) => nodes).find((node) => node.name === name)!.address6!;

await withDocker(test, (engine, image) => {
  let lab: NatLab;
  test.before(async () => {
    lab = await openNatLab(engine, image, topology);
    await Promise.all(['server', 'other', 's1', 'a1', 'e1', 'o1', 'desk', 'i1'].map((node) => lab.ok(node, listen(5000))));
  });
  test.after.always(() => lab.close());

  test('every LAN reaches the internet with its own addresses, or with those of its prefix', async (t) => {
    const seen = (node: string, protocol: 'udp' | 'tcp') => lab.ok(node, ask(protocol, address(lab, 'server'), 5000));
    for (const protocol of ['udp', 'tcp'] as const) {
      t.is(await seen('s1', protocol), '2001:db8:a::b');
      t.is(await seen('i1', protocol), '2001:db8:f::b');
      t.is(await seen('desk', protocol), '2001:db8:e::b');
    }
  });

  test('who has not sent anything is not reached, except where the firewall is open', async (t) => {
    const asked = async (protocol: 'udp' | 'tcp', to: string, answer: string): Promise<void> => {
      t.is(await lab.ok('server', ask(protocol, to, 5000)), answer, `${protocol} ${to}`);
    };
    const both = (to: string, answer: string) => [asked('udp', to, answer), asked('tcp', to, answer)];
    await Promise.all([
      ...['s1', 'a1', 'e1'].flatMap((node) => both(address(lab, node), 'silence')),
      ...both(address(lab, 'o1'), address(lab, 'server')),
      ...both('2001:db8:e::b', 'Connection refused'),
      // behind an open router, but its own is not
      ...both(address(lab, 'i1'), 'silence'),
    ]);
  });

  test('a port that has sent lets in strangers, or those it sent to, as the firewall says', async (t) => {
    const opened = async (node: string, inside: string): Promise<string[]> => {
      await lab.ok(node, `${ask('udp', address(lab, 'server'), 5000, 6000)}; ${listen(6000)}`);
      return Promise.all(['server', 'other'].map((from) => lab.ok(from, ask('udp', inside, 6000))));
    };
    t.deepEqual(await opened('s1', address(lab, 's1')), ['silence', 'silence']);
    t.deepEqual(await opened('a1', address(lab, 'a1')), [address(lab, 'server'), 'silence']);
    t.deepEqual(await opened('e1', address(lab, 'e1')), [address(lab, 'server'), address(lab, 'other')]);
    t.deepEqual(await opened('desk', '2001:db8:e::b'), [address(lab, 'server'), address(lab, 'other')]);
  });

  test('ping and the errors that a path needs come through every firewall (RFC 4890)', async (t) => {
    for (const node of ['s1', 'a1', 'e1', 'o1', 'i1'])
      t.regex(await lab.ok('server', `ping -n -c 1 -W 2 ${address(lab, node)}`), / 0% packet loss/);
    // a narrow way behind the firewall: the sender outside learns of it, and the rest goes in pieces
    await lab.ok('strict-router', 'ip -6 route add 2001:db8:a::b dev lan0 mtu 1280');
    t.regex(await lab.ok('server', `ping -n -c 2 -W 2 -M do -s 1400 ${address(lab, 's1')} || true`), /Packet too big: mtu=1280/);
    await lab.ok('strict-router', 'ip -6 route del 2001:db8:a::b dev lan0');
  });

  test('names have both addresses in DNS, and a machine knows its neighbours', async (t) => {
    const look = async (node: string, name: string) =>
      (await lab.ok(node, `getent ahosts ${name} | awk '{print $1}' | sort -u`)).split('\n');
    t.deepEqual(await look('s1', 'server'), ['2001:db8::a', '45.77.0.10']);
    t.deepEqual(await look('server', 's2.strict'), ['192.168.1.12', '2001:db8:a::c']);
    t.deepEqual(await look('s1', 's2'), ['192.168.1.12', '2001:db8:a::c']);
    t.deepEqual(await look('fax', 'server'), ['45.77.0.10'], 'which has no IPv6 to use it with');
    // asked over IPv6 alone
    await lab.ok('s1', 'cp /etc/resolv.conf /tmp/resolv && grep -v 45.77 /tmp/resolv > /etc/resolv.conf');
    t.is(await lab.ok('s1', 'getent -s dns ahostsv6 internet-core | head -1 | cut -d" " -f1'), '2001:db8::1');
    await lab.ok('s1', 'cat /tmp/resolv > /etc/resolv.conf');
  });

  test('nothing leaves the lab: other addresses, and the link-local ones of the host, are out of reach', async (t) => {
    for (const node of ['server', 's1']) t.is(await lab.ok(node, ask('tcp', '2606:4700:4700::1111', 80)), 'No route to host', node);
    // The host has an address on every bridge: it would answer. Whoever answers to all nodes must be of the lab.
    await Promise.all(
      ['server', 's1', 'desk'].map(async (node) => {
        const answers = await lab.ok(node, 'ping -n -c 2 -i 0.3 -W 1 ff02::1%eth0 || true');
        const from = [...answers.matchAll(/bytes from ([\da-f:]+)/g)].map(([, one]) => one!);
        t.true(from.length > 0, node);
        t.deepEqual(
          from.filter((one) => !one.startsWith('fe80::1ab:')),
          [],
          node,
        );
      }),
    );
    const dropped = async (node: string) =>
      Number(/input[^]*?packets (\d+)/.exec(await lab.ok(node, 'nft list chain ip6 wire input'))?.[1]);
    t.true((await dropped('server')) > 0, 'the host did answer, and was not heard');
    t.is(await lab.ok('fax', 'ip -6 -oneline address show dev eth0'), '');
  });

  test('private prefixes are not seen on the internet', async (t) => {
    t.regex(await lab.ok('internet-core', 'nft list counter ip6 lab leaked'), /packets 0 /);
    // sent by a router that is told not to translate: the core counts and drops it
    await lab.ok('office-router', 'nft delete chain ip6 lab postrouting; nft flush chain ip6 lab guard');
    await lab.sh('desk', 'ping -n -c 1 -W 1 2001:db8::1');
    t.regex(await lab.ok('internet-core', 'nft list counter ip6 lab leaked'), /packets [1-9]/);
    await lab.restart('office-router', 'kill');
    t.is(await lab.ok('desk', ask('tcp', address(lab, 'server'), 5000)), '2001:db8:e::b');
  });

  test('a router that was started again filters and translates as before, and its neighbours find it at once', async (t) => {
    const containers = ['strict-router', 'office-router', 's1'];
    const { signal } = new AbortController();
    await restartContainers({ engine, plan: lab.plan, containers, how: 'kill', signal });
    await awaitOnline(engine, lab.plan, containers, signal);
    await lab.ok('s1', listen(5000));
    t.is(await lab.ok('s1', ask('tcp', address(lab, 'server'), 5000)), '2001:db8:a::b');
    t.is(await lab.ok('desk', ask('udp', address(lab, 'server'), 5000)), '2001:db8:e::b');
    t.is(await lab.ok('server', ask('tcp', address(lab, 's1'), 5000)), 'silence');
    t.is(await lab.ok('s2', ask('tcp', address(lab, 's1'), 5000)), address(lab, 's2'));
  });

  test('a router that does not filter as declared stops `up`, which says both values', async (t) => {
    const wrong = readLab(
      'name: nat-ipv6-wrong\nsites: { lan: { subnet: 192.168.1.0/24, nat: home-router, subnet6: "2001:db8:a::/64", nodes: { a: { role: host } } } }',
      'wrong.yaml',
    );
    const plan = makePlan(wrong).plan!;
    const steps = plan.steps.map((step) => {
      const { action } = step;
      if (step.id !== 'link:lan-router' || action.do !== 'link') return step;
      const stdin = action.script.stdin?.replace(
        'iifname "wan0" oifname "lan0" udp dport 500 accept',
        'iifname "wan0" oifname "lan0" accept',
      );
      return { ...step, action: { ...action, script: { ...action.script, ...(stdin !== undefined && { stdin }) } } };
    });
    const error = await t.throwsAsync(
      up({
        ...{ lab: wrong, plan: { ...plan, steps }, engine, now: Date.now, topologyFile: '/wrong.yaml' },
        images: { refs: new Map([['router', image]]) },
        emit: () => undefined,
        signal: new AbortController().signal,
        runsDirectory: await mkdtemp(join(tmpdir(), 'nat-ipv6-')),
      }),
      { instanceOf: LabError },
    );
    t.is(error.code, 'NAT001');
    t.regex(error.details.lastObservation ?? '', /TCP filtering: declared address-and-port-dependent, measured endpoint-independent/);
    t.deepEqual(await engine.list('nat-ipv6-wrong'), []);
  });
});
