import test from 'ava';
import { codesOf, labOf } from './sample.ts';

const cloud = { cloud: { nodes: { cloud: { role: 'control-plane' } } } };
const lan = { subnet: '192.168.1.0/24', nat: 'symmetric', nodes: { a: { role: 'edge' }, b: { role: 'edge' } } };
const base = { name: 'l', sites: { ...cloud, lan } };
const full = { kubernetes: '1.32.5', flannel: { on: ['cloud', 'edge'] }, kubeedge: '1.23.1' };
const installOf = (install: object) => labOf({ ...base, install }).install;

test('short and long forms of a component mean the same', (t) => {
  const short = installOf({ kubernetes: '1.32.5', flannel: '0.28.9', kubeedge: '1.23.1' });
  const long = installOf({ kubernetes: { version: '1.32.5' }, flannel: { version: '0.28.9', on: 'cloud' }, kubeedge: {} });
  t.deepEqual(short, long);
  t.deepEqual(short.kubernetes, { version: '1.32.5', podSubnet: '10.244.0.0/16', serviceSubnet: '10.96.0.0/12' });
});

test('kube-proxy goes where flannel goes, unless it is told otherwise', (t) => {
  t.deepEqual(installOf(full).kubeProxy, { on: ['cloud', 'edge'] });
  t.deepEqual(installOf({ ...full, flannel: {} }).kubeProxy, { on: ['cloud'] });
  t.deepEqual(installOf({ ...full, 'kube-proxy': { on: 'cloud' } }).kubeProxy, { on: ['cloud'] });
});

test('places are in one order, each once', (t) => {
  t.deepEqual(installOf({ ...full, flannel: { on: ['edge', 'cloud', 'edge'] } }).flannel?.on, ['cloud', 'edge']);
});

test('what is not named is not installed', (t) => {
  t.deepEqual(labOf({ name: 'l', sites: { p: { nodes: { h: { role: 'host' } } } } }).install, {});
});

test('pod and service subnets may be chosen', (t) => {
  const kubernetes = { 'pod-subnet': '10.0.0.0/20', 'service-subnet': '10.1.0.0/24' };
  t.like(installOf({ ...full, kubernetes }).kubernetes, { podSubnet: '10.0.0.0/20', serviceSubnet: '10.1.0.0/24' });
});

const placed = test.macro({
  exec(t, on: string | string[], expected: string[]) {
    const [workload] = labOf({ ...base, install: full, workloads: { echo: { on, port: 80 } } }).workloads;
    t.deepEqual(workload, { name: 'echo', kind: 'echo', nodes: expected, port: 80 });
  },
  title: (_, on) => `a workload on ${JSON.stringify(on)} is on the nodes meant`,
});

test(placed, 'each-node', ['cloud', 'a', 'b']);
test(placed, 'edge', ['a', 'b']);
test(placed, 'b', ['b']);
test(placed, ['cloud', 'edge'], ['cloud', 'a', 'b']);
test(placed, ['b', 'a', 'b'], ['a', 'b']);

test('a host is not in the cluster, and a worker is in the cloud', (t) => {
  const nodes = { cloud: { role: 'control-plane' }, more: { role: 'worker' }, bystander: { role: 'host' } };
  const lab = labOf({
    name: 'l',
    sites: { cloud: { nodes } },
    install: { kubernetes: {}, flannel: {} },
    workloads: { w: { on: 'each-node', port: 1 } },
  });
  t.deepEqual(lab.workloads[0]?.nodes, ['cloud', 'more']);
});

test('a NAT is a preset, an alias of one, or its axes', (t) => {
  const natOf = (nat: unknown) =>
    labOf({ name: 'l', sites: { lan: { subnet: '10.0.0.0/8', nat, nodes: { h: { role: 'host' } } } } }).sites[0]?.lan?.router;
  t.is(natOf('symmetric')?.natName, 'symmetric');
  t.deepEqual(natOf('sym'), natOf('symmetric'));
  const axes = {
    mapping: 'endpoint-independent',
    filtering: 'address-dependent',
    ports: 'random',
    hairpinning: true,
    timeouts: { udp: 60, tcp: 300 },
  };
  t.deepEqual(natOf(axes)?.nat, { kind: 'rfc4787', ...axes } as never);
  const { mapping, filtering } = axes;
  t.like(natOf({ mapping, filtering })?.nat, { ports: 'preserve', hairpinning: false, timeouts: { udp: 30, tcp: 7440 } });
});

const legal = test.macro({
  exec: (t, topology: object) => t.deepEqual(codesOf(topology), []),
  title: (title) => `legal: ${title}`,
});

const hosts = { h: { role: 'host' } };
test('an edge right on the internet', legal, {
  name: 'l',
  sites: { c: { nodes: { c: { role: 'control-plane' }, e: { role: 'edge' } } } },
  install: full,
});
test('a site without nodes beside one with', legal, { name: 'l', sites: { c: { nodes: hosts }, empty: { ...lan, nodes: {} } } });
test('a site and a node of one name', legal, { ...base, install: full });
test('a LAN of hosts on the pod subnet', legal, {
  ...base,
  install: full,
  sites: { ...base.sites, x: { ...lan, subnet: '10.244.0.0/16', nodes: hosts } },
});
test('a control plane behind a NAT with all its nodes', legal, {
  name: 'l',
  sites: { lan: { ...lan, nodes: { c: { role: 'control-plane' }, w: { role: 'worker' } } } },
  install: { kubernetes: {}, flannel: {} },
});
test('two LANs without NAT on subnets of their own', legal, {
  name: 'l',
  sites: { a: { subnet: '46.0.0.0/24', nat: 'none', nodes: hosts }, b: { subnet: '46.0.1.0/24', nat: 'none', nodes: {} } },
});

const quiet = test.macro({
  exec: (t, topology: object, expected: string[]) => t.deepEqual(codesOf(topology), expected),
  title: (title) => `one mistake, one problem: ${title}`,
});

test(
  'a mistyped key hides no "missing" behind it',
  quiet,
  { ...base, install: full, sites: { ...cloud, lan: { subnt: lan.subnet, nat: lan.nat, nodes: lan.nodes } } },
  ['TOPO004'],
);
test('a mistyped component is not missed by others', quiet, { ...base, install: { flannel: {}, kubeedge: {}, kubernets: '1.32.5' } }, [
  'TOPO004',
]);
test(
  'a mistyped role of the control plane',
  quiet,
  { ...base, sites: { cloud: { nodes: { cloud: { role: 'controlplane' } } }, lan }, install: full },
  ['TOPO013'],
);
test(
  'broken nodes are not missed by workloads',
  quiet,
  { ...base, sites: { ...cloud, lan: { ...lan, nodes: 7 } }, install: full, workloads: { w: { on: 'a', port: 1 } } },
  ['TOPO006'],
);
test('an unknown preset is a NAT all the same', quiet, { ...base, install: full, sites: { ...cloud, lan: { ...lan, nat: 'symetric' } } }, [
  'TOPO014',
]);
test('a broken install is not missed by roles and workloads', quiet, { ...base, install: [], workloads: { w: { on: 'edge', port: 1 } } }, [
  'TOPO006',
]);
test(
  'a broken subnet is not missed by addresses',
  quiet,
  { ...base, install: full, sites: { ...cloud, lan: { ...lan, subnet: 'home', nodes: { a: { role: 'edge', address: '10.0.0.1' } } } } },
  ['TOPO020'],
);
