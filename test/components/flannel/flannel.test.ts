import test from 'ava';
import type { Lab } from '../../../src/model/lab.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { readLab } from '../../lib/read-lab.ts';

const stepsOf = (lab: Lab) => new Map(makePlan(lab).plan?.steps.map((step) => [step.id, step]));
const textOf = (lab: Lab, id: string): string => JSON.stringify(stepsOf(lab).get(id)?.action ?? {});

const hosts = (flannel: string): Lab =>
  readLab(
    `name: hosts
sites:
  public: { nodes: { desk: { role: host }, pub: { role: host, runtime: containerd } } }
  lan: { subnet: 192.168.1.0/24, nat: symmetric, nodes: { inner: { role: host, runtime: containerd } } }
install: { flannel: ${flannel} }
`,
    'hosts.yaml',
  );

const cluster = (flannel: string): Lab =>
  readLab(
    `name: cluster
sites: { cloud: { nodes: { cloud: { role: control-plane }, work: { role: worker }, edge: { role: edge } } } }
install: { kubernetes: 1.32.5, flannel: ${flannel}, kubeedge: 1.23.1 }
`,
    'cluster.yaml',
  );

test('hosts with a runtime run what their runtime needs, the others only network tools', (t) => {
  const images = makePlan(hosts('{ store: etcd }')).plan?.containers.map(({ name, image, store }) => [name, image, store]);
  t.deepEqual(images?.slice(-3), [
    ['desk', 'router', false],
    ['pub', 'node', true],
    ['inner', 'node', true],
  ]);
});

test('etcd is where every host reaches it, and every host with a runtime has a flanneld that asks it there', (t) => {
  const lab = hosts('{ store: etcd, backend: udp, network: 10.149.0.0/16 }');
  const steps = stepsOf(lab);
  t.is(lab.install.flannel?.etcd?.node, 'pub');
  t.deepEqual(
    [...steps.keys()].filter((id) => id.startsWith('flannel:start:')),
    ['flannel:start:pub', 'flannel:start:inner'],
  );
  t.regex(textOf(lab, 'flannel:start:inner'), /--etcd-endpoints=http:\/\/45\.77\.0\.\d+:2379/);
  const config = steps.get('flannel:etcd')?.action;
  t.like(JSON.parse(config !== undefined && 'script' in config ? (config.script.stdin ?? '') : ''), {
    Network: '10.149.0.0/16',
    Backend: { Type: 'udp' },
  });
  t.true(steps.get('flannel:peers:inner')?.verifies);
});

test("flannel's programs come from the store, so nothing else is in the images of the hosts", (t) => {
  t.deepEqual(makePlan(hosts('{ store: etcd }')).plan?.images.store, ['etcd', 'flannel']);
});

test('a backend is one word, in the cloud and on edges', (t) => {
  for (const backend of ['vxlan', 'host-gw', 'udp']) {
    const lab = cluster(`{ on: [cloud, edge], backend: ${backend} }`);
    const manifest = textOf(lab, 'flannel:apply');
    t.true(manifest.includes(backend), backend);
    // both DaemonSets, or neither: /dev/net/tun is for the privileged
    t.is(manifest.replaceAll('\\', '').split(/"privileged": true/).length - 1, backend === 'udp' ? 2 : 0, backend);
  }
});

test('what a node of each backend shows of its peers is asked of the kernel', (t) => {
  const asked = (backend: string) => textOf(cluster(`{ backend: ${backend} }`), 'flannel:peers:cloud');
  t.regex(asked('vxlan'), /bridge fdb show dev flannel\.1/);
  t.regex(asked('host-gw'), /ip -4 route show/);
  t.regex(asked('udp'), /flannel0/);
});

test('edges without flannel have a bridge, or a wire for each pod', (t) => {
  const written = (word: string) => {
    const lab = cluster('{ on: [cloud] }');
    return textOf(
      { ...lab, install: { ...lab.install, ...(word === '' ? {} : { edgeCni: { type: word as 'ptp' } }) } },
      'bridge-cni:write:edge',
    );
  };
  t.regex(written(''), /10-bridge\.conflist/);
  t.regex(written('ptp'), /10-ptp\.conflist/);
  t.regex(written('ptp'), /"type\\":\\"ptp/);
  t.notRegex(written('ptp'), /cni0/);
});
