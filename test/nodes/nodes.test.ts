import test from 'ava';
import { testProp } from '@fast-check/ava';
import { listMachines, type Machine } from '../../src/nodes/nodes.ts';
import { anyLab, few } from '../plan/labs.ts';
import { readLab } from '../lib/read-lab.ts';

const lab = readLab(
  `
name: nodes
internet: { subnet: 45.77.0.0/24 }
sites:
  cloud: { nodes: { cloud: { role: control-plane }, work: { role: worker }, probe: { role: host } } }
  home: { subnet: 192.168.1.0/24, nat: symmetric, nodes: { edge: { role: edge } } }
  office: { subnet: 45.78.0.0/24, nat: none, nodes: { desk: { role: host } } }
install: { kubernetes: 1.32.5, flannel: { on: [cloud] }, kubeedge: 1.23.1 }
`,
  'nodes.yaml',
);

const machines = new Map<string, Machine>(
  Object.values(listMachines(lab, { store: true }))
    .flat()
    .map((machine) => [machine.container.name, machine]),
);
const machine = (name: string): Machine => machines.get(name)!;

test('nodes that run pods are heavy and mount the image store; hosts and routers are light', (t) => {
  for (const name of ['cloud', 'work', 'edge']) t.like(machine(name).container, { image: 'node', privilege: 'node', store: true });
  for (const name of ['probe', 'desk', 'home-router', 'internet-core'])
    t.like(machine(name).container, { image: 'router', privilege: 'router', store: false });
});

test('without an image store nothing mounts one', (t) => {
  for (const { container } of Object.values(listMachines(lab, { store: false })).flat()) t.false(container.store);
});

test('public nodes go out by the core, LAN nodes by their router, routers by the core', (t) => {
  t.deepEqual(machine('cloud').wiring.routes, ['default via 45.77.0.1 dev eth0']);
  t.deepEqual(machine('edge').wiring.routes, ['default via 192.168.1.1 dev eth0']);
  t.deepEqual(machine('home-router').wiring.routes, ['default via 45.77.0.1 dev wan0']);
});

test('the core knows the way to a site without NAT, and to none behind one', (t) => {
  const { routes } = machine('internet-core').wiring;
  t.true(routes.some((route) => route.startsWith('45.78.0.0/24 via ')));
  t.false(routes.some((route) => route.includes('192.168.1.0')));
});

test('what runs pods keeps its own rules and forwards; a host does neither', (t) => {
  t.like(machine('edge').wiring, { forwards: true, ruleset: undefined });
  t.like(machine('probe').wiring, { forwards: false, ruleset: '' });
});

test('routers have no IPv6 and track connections as long as their NAT does', (t) => {
  t.like(machine('home-router').wiring.sysctls, {
    'net.ipv6.conf.all.disable_ipv6': 1,
    'net.ipv4.conf.wan0.send_redirects': 0,
    'net.netfilter.nf_conntrack_udp_timeout_stream': 30,
  });
  t.like(machine('internet-core').wiring.sysctls, { 'net.ipv6.conf.all.disable_ipv6': 1 });
});

testProp(
  'only settings of the container itself are touched',
  [anyLab],
  (t, any) => {
    for (const { wiring } of Object.values(listMachines(any, { store: true })).flat())
      for (const name of Object.keys(wiring.sysctls)) t.regex(name, /^net\.(ipv4|ipv6|netfilter)\./);
  },
  few,
);

const dual = readLab(
  `
name: dual
sites:
  pub: { nodes: { server: { role: host } } }
  home: { subnet: 192.168.1.0/24, nat: home-router, subnet6: 2001:db8:a::/64, nodes: { pc: { role: host } } }
  inner: { uplink: home, subnet: 192.168.2.0/24, nat: home-router, subnet6: 2001:db8:b::/64, nodes: { tv: { role: host } } }
  ula: { subnet: 192.168.1.0/24, nat: home-router, subnet6: 'fd00:1::/64', prefix6: 2001:db8:c::/64, nodes: { desk: { role: host } } }
  old: { subnet: 192.168.1.0/24, nat: home-router, nodes: { fax: { role: host } } }
`,
  'dual.yaml',
);
const dualMachines = new Map(
  Object.values(listMachines(dual, { store: false }))
    .flat()
    .map((one) => [one.container.name, one]),
);

test('the core leads to every prefix of the LANs, a nested one by the router in front, and to none behind another prefix', (t) => {
  const { routes } = dualMachines.get('internet-core')!.wiring;
  t.deepEqual(
    routes.filter((route) => route.includes(':')),
    [
      '::/0 dev net0',
      '2001:db8:a::/64 via 2001:db8::2 dev net0',
      '2001:db8:b::/64 via 2001:db8::2 dev net0',
      '2001:db8:c::/64 via 2001:db8::3 dev net0',
    ],
  );
});

test('a dual-stack machine has the routes and addresses of both families, and link-local ones of the lab', (t) => {
  t.deepEqual(dualMachines.get('tv')!.container.interfaces[0]?.addresses, ['192.168.2.11/24', 'fe80::1ab:c0a8:20b/64', '2001:db8:b::b/64']);
  t.deepEqual(dualMachines.get('tv')!.wiring.routes, ['default via 192.168.2.1 dev eth0', 'default via 2001:db8:b::1 dev eth0']);
  const { routes } = dualMachines.get('home-router')!.wiring;
  t.true(routes.includes('2001:db8:b::/64 via 2001:db8:a::2 dev lan0'));
});

test('a machine of a LAN without IPv6 is as in a lab without it', (t) => {
  const { container, wiring } = dualMachines.get('fax')!;
  t.deepEqual(container.interfaces[0]?.addresses, ['192.168.1.11/24']);
  t.like(wiring, { ipv6: undefined, ruleset: '', sysctls: { 'net.ipv6.conf.all.disable_ipv6': 1 } });
  t.false(dualMachines.get('old-router')!.wiring.ruleset!.includes('ip6'));
});
