import test from 'ava';
import { findWayIn } from '../../src/nat/nat.ts';
import { readLab } from '../lib/read-lab.ts';

const lab = readLab(
  `
name: ways
sites:
  public: { nodes: { server: { role: host } } }
  isp:
    subnet: 100.64.0.0/24
    nat: symmetric
    forwards: [tcp 8000-8009 -> office-router:80-89, udp 4500 -> office-router]
    nodes: { box: { role: host } }
  office:
    uplink: isp
    subnet: 192.168.1.0/24
    nat: full-cone
    forwards: [tcp 80-82 -> web:8080-8082, tcp 90 -> web]
    nodes: { web: { role: host }, desk: { role: host } }
  instances: { subnet: 10.0.0.0/24, nat: exposed-host, nodes: { a: { role: host }, b: { role: host } } }
  guarded: { subnet: 10.1.0.0/24, nat: one-to-one, nodes: { c: { role: host } } }
  routed: { subnet: 45.78.0.0/24, nat: none, nodes: { d: { role: host } } }
  walled: { subnet: 45.79.0.0/24, nat: firewall, nodes: { e: { role: host } } }
`,
  'ways.yaml',
);

const nodes = lab.sites.flatMap((site) => site.nodes);
const routerOf = (name: string) => lab.sites.find((site) => site.name === name)!.lan!.router;
const way = (to: string, port: number, from?: string, protocol: 'tcp' | 'udp' = 'tcp') => {
  const { site, address } = nodes.find(({ name }) => name === to)!;
  const found = findWayIn(lab, { site, address, port, protocol }, from);
  return 'open' in found ? `${found.open.address}:${found.open.port}` : `closed at ${found.closed.site}`;
};
const addressOf = (name: string) => nodes.find((node) => node.name === name)!.address;

test('a node on the internet, or of the same LAN, is reached at its own address', (t) => {
  t.is(way('server', 22, 'office'), `${addressOf('server')}:22`);
  t.is(way('web', 22, 'office'), `${addressOf('web')}:22`);
});

test('forwards add up over all routers on the way in', (t) => {
  t.is(way('web', 8081), `${routerOf('isp').wan}:8001`);
  t.is(way('web', 8081, 'routed'), `${routerOf('isp').wan}:8001`);
});

test('who shares a segment on the way is let in from there', (t) => {
  t.is(way('web', 8081, 'isp'), `${routerOf('office').wan}:81`);
  t.is(way('box', 5000, 'office'), `${addressOf('box')}:5000`);
});

test('the first router that does not let it in is named', (t) => {
  t.is(way('web', 443), 'closed at office');
  t.is(way('web', 90), 'closed at isp');
  t.is(way('web', 8080, undefined, 'udp'), 'closed at office');
  t.is(way('desk', 8080), 'closed at office');
});

test('without a shared address the kind of router decides', (t) => {
  t.is(way('b', 22), `${routerOf('instances').pairs![1]!.outside}:22`);
  t.is(way('c', 22), 'closed at guarded');
  t.is(way('d', 22), `${addressOf('d')}:22`);
  t.is(way('e', 22), 'closed at walled');
});
