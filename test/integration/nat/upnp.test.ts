import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { until } from '../../../src/lib/until.ts';
import { withDocker } from '../engine/real-docker.ts';
import { openNatLab, type NatLab } from './nat-lab.ts';

const topology = `
name: nat-upnp
internet: { subnet: 45.77.0.0/24 }
sites:
  public: { nodes: { server: { role: host } } }
  home: { subnet: 192.168.1.0/24, nat: home-router, upnp: true, nodes: { h1: { role: host }, h2: { role: host } } }
  plain: { subnet: 192.168.1.0/24, nat: masquerade, upnp: true, nodes: { p1: { role: host } } }
  off: { subnet: 192.168.1.0/24, nat: home-router, nodes: { o1: { role: host } } }
  isp: { subnet: 100.64.0.0/24, nat: cgnat, nodes: {} }
  inner: { uplink: isp, subnet: 192.168.1.0/24, nat: home-router, upnp: true, nodes: { i1: { role: host } } }
`;
const home = '45.77.0.2';
const plain = '45.77.0.3';

/** Router image with clients that no one here wrote, of UPnP-IGD and of NAT-PMP. */
const buildClients = (image: string): string => {
  const recipe = `FROM ${image}\nRUN apt-get update -q && apt-get install -qy --no-install-recommends miniupnpd-nftables miniupnpc natpmpc\n`;
  const proxies = Object.keys(process.env).filter((name) => /_proxy$/i.test(name));
  const args = ['build', '--quiet', ...proxies.map((name) => `--build-arg=${name}`), '--tag=edgelab-test/upnp-clients', '-'];
  execFileSync('docker', args, { input: recipe, stdio: ['pipe', 'ignore', 'pipe'] });
  return 'edgelab-test/upnp-clients';
};

await withDocker(test, (engine, image) => {
  let lab: NatLab;
  test.before(async () => {
    lab = await openNatLab(engine, buildClients(image), topology);
    await Promise.all(['h1', 'h2', 'p1'].map((node) => lab.ok(node, serve(8000))));
  });
  test.after.always(() => lab.close());

  /** Answers with the name of the machine. */
  const serve = (port: number) =>
    `perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 6); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, pack_sockaddr_in(${port}, INADDR_ANY)) or die; listen(S, 99);
      open(STDOUT, ">/tmp/serving"); while (accept(C, S)) { syswrite(C, $ARGV[0]); close C }' $(hostname) > /dev/null 2>&1 &
     until [ -e /tmp/serving ]; do sleep 0.02; done`;
  const ask = (address: string, port: number): Promise<string> =>
    lab.ok(
      'server',
      `perl -MSocket -e '$SIG{ALRM} = sub { print "silence"; exit }; alarm 1; socket(S, PF_INET, SOCK_STREAM, 6);
        connect(S, pack_sockaddr_in(${port}, inet_aton("${address}"))) or do { print "$!"; exit }; print sysread(S, $t, 99) ? $t : "$!"'`,
    );
  const output = async (node: string, line: string): Promise<string> => {
    const { stdout, stderr } = await lab.sh(node, `timeout 20 ${line}`);
    return `${stdout}${stderr}`;
  };

  test.serial('a host opens a port by UPnP-IGD, someone outside connects, and the host closes it again', async (t) => {
    t.is(await ask(home, 9000), 'silence');
    t.regex(
      await output('h1', 'upnpc -m eth0 -a 192.168.1.11 8000 9000 TCP'),
      /external 45\.77\.0\.2:9000 TCP is redirected to internal 192\.168\.1\.11:8000/,
    );
    t.is(await ask(home, 9000), 'h1');
    t.regex(await output('h1', 'upnpc -m eth0 -d 9000 TCP'), /UPNP_DeletePortMapping\(\) returned : 0/);
    t.is(await ask(home, 9000), 'silence');
  });

  test.serial('a host opens a port by NAT-PMP, behind stock masquerade too, and learns its outside address', async (t) => {
    t.regex(
      await output('h2', 'natpmpc -a 9001 8000 tcp 600'),
      /Public IP address : 45\.77\.0\.2[\s\S]*Mapped public port 9001 protocol TCP to local port 8000 liftime 600/,
    );
    t.is(await ask(home, 9001), 'h2');
    t.regex(await output('p1', 'natpmpc -a 9001 8000 tcp 600'), /Mapped public port 9001 protocol TCP/);
    t.is(await ask(plain, 9001), 'p1');
  });

  test.serial('a mapping ends when its lifetime has passed', async (t) => {
    t.regex(await output('h1', 'natpmpc -a 9002 8000 tcp 3'), /liftime 3/);
    t.is(await ask(home, 9002), 'h1');
    const gone = async () => ((await ask(home, 9002)) === 'silence' ? true : undefined);
    const clock = { now: Date.now, sleep: (milliseconds: number) => sleep(milliseconds) };
    t.true(await until(gone, { clock, limitSeconds: 12, everyMilliseconds: 200 }));
    t.is(await ask(home, 9001), 'h2', 'another one is still there');
  });

  test.serial('a host opens ports to itself only', async (t) => {
    t.regex(await output('h1', 'upnpc -m eth0 -a 192.168.1.12 8000 9003 TCP'), /failed with code/);
    t.is(await ask(home, 9003), 'silence');
  });

  test.serial('where it is off, no gateway is found and NAT-PMP is refused', async (t) => {
    t.regex(await output('o1', 'upnpc -m eth0 -s'), /No IGD UPnP Device found/);
    t.regex(await output('o1', 'natpmpc -a 9000 8000 tcp 600'), /does not support nat-pmp/);
  });

  test.serial('behind a provider’s NAT nothing is opened, as the outside address is private', async (t) => {
    t.notRegex(await output('i1', 'natpmpc -a 9000 8000 tcp 600'), /Mapped public port/);
  });

  test.serial('a router that is started again has forgotten the mappings and takes new ones', async (t) => {
    await lab.restart('home-router', 'kill');
    t.is(await ask(home, 9001), 'silence');
    t.regex(await output('h2', 'natpmpc -a 9001 8000 tcp 600'), /Mapped public port 9001/);
    t.is(await ask(home, 9001), 'h2');
  });
});
