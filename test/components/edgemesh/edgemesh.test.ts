import test from 'ava';
import { bridgeCni } from '../../../src/components/bridge-cni/bridge-cni.ts';
import { edgemesh } from '../../../src/components/edgemesh/edgemesh.ts';
import { kubeedge } from '../../../src/components/kubeedge/kubeedge.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { Step } from '../../../src/model/plan.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { labOf } from '../../topology/sample.ts';

const lan = { subnet: '192.168.1.0/24', nat: 'symmetric', nodes: { a: { role: 'edge' } } };
const cloud = { nodes: { cloud: { role: 'control-plane' }, relay: { role: 'worker' } } };
const labWith = (install: unknown, more: object = {}): Lab =>
  labOf({ name: 'l', sites: { cloud, lan }, install: { kubernetes: {}, flannel: {}, kubeedge: {}, edgemesh: install }, ...more });

const stepOf = (lab: Lab, id: string): Step => {
  const step = edgemesh.steps(lab).find((each) => each.id === id);
  if (!step) throw new Error(`no step ${id}`);
  return step;
};
const stdinOf = ({ action }: Step): string => ('script' in action ? (action.script.stdin ?? '') : '');
const textOf = ({ action }: Step): string => ('script' in action ? action.script.text : '');
type Item = { kind: string; metadata: { name: string }; data?: Record<string, string> };
const itemsOf = (lab: Lab): Item[] => (JSON.parse(stdinOf(stepOf(lab, 'edgemesh:prepare'))) as { items: Item[] }).items;
const configOf = (lab: Lab): unknown =>
  (JSON.parse(itemsOf(lab).find(({ kind }) => kind === 'ConfigMap')?.data?.['edgemesh-agent.yaml'] ?? '') as { modules: unknown }).modules;

test('without more words the control plane relays, agents share a key and look for relays every 5 s', (t) => {
  t.deepEqual(configOf(labWith('1.16.0')), {
    edgeProxy: { enable: true, socks5Proxy: { enable: false } },
    edgeTunnel: {
      enable: true,
      relayNodes: [{ nodeName: 'cloud', advertiseAddress: ['45.77.0.10'] }],
      finderPeriod: 5,
      psk: { enable: true, path: '/etc/edgemesh/psk/psk' },
    },
  });
});

test('a relay behind a router that forwards its port is found at the outside of that router too', (t) => {
  const dc = { ...lan, subnet: '10.0.0.0/24', forwards: ['tcp 10000-10004 -> cloud', 'tcp 20006 -> cloud'], ...cloud };
  t.like(configOf(labWith({}, { sites: { dc, lan } })), {
    edgeTunnel: { relayNodes: [{ nodeName: 'cloud', advertiseAddress: ['10.0.0.11', '45.77.0.2'] }] },
  });
  t.throws(() => labWith({}, { sites: { dc: { ...dc, forwards: ['tcp 10000-10004 -> cloud'] }, lan } }), { message: /TOPO054/ });
});

test('relays, socks5 and the finder period are what the topology says', (t) => {
  t.like(configOf(labWith({ relays: ['relay'], socks5: true, 'finder-period': 60 })), {
    edgeProxy: { socks5Proxy: { enable: true } },
    edgeTunnel: { relayNodes: [{ nodeName: 'relay', advertiseAddress: ['45.77.0.11'] }], finderPeriod: 60 },
  });
});

test('the image is that of the version, and it is published, not built', (t) => {
  t.deepEqual(edgemesh.externalImages?.(labWith('1.17.0')), ['kubeedge/edgemesh-agent:v1.17.0']);
  t.deepEqual(edgemesh.storeImages(labWith('1.17.0')), []);
  t.deepEqual(makePlan(labWith('1.14.0')).plan?.images.external, ['kubeedge/edgemesh-agent:v1.14.0']);
  t.regex(stdinOf(stepOf(labWith('1.14.0'), 'edgemesh:agents')), /"kubeedge\/edgemesh-agent:v1\.14\.0"/);
});

test('three Istio kinds are there before an agent asks for them', (t) => {
  const kinds = itemsOf(labWith({})).flatMap(({ kind, metadata }) => (kind === 'CustomResourceDefinition' ? [metadata.name] : []));
  t.deepEqual(kinds, ['destinationrules.networking.istio.io', 'gateways.networking.istio.io', 'virtualservices.networking.istio.io']);
});

test('the key is made in the cluster: no plan holds one, and no step keeps what it prints', (t) => {
  const step = stepOf(labWith({}), 'edgemesh:psk');
  t.regex(textOf(step), /^head -c 32 \/dev\/urandom \| base64 \| kubectl .* create secret/m);
  t.is(step.capture, undefined);
  t.is(stdinOf(step), '');
});

test('without a key there is neither a step nor a mount for it', (t) => {
  const lab = labWith({ psk: false });
  t.false(edgemesh.steps(lab).some(({ id }) => id === 'edgemesh:psk'));
  t.notRegex(stdinOf(stepOf(lab, 'edgemesh:agents')), /psk/);
});

test('agents come after the rules of kube-proxy on every cloud node, else they would not be first in nat', (t) => {
  const { needs } = stepOf(labWith({}), 'edgemesh:agents');
  t.true(['edgemesh:kube-proxy:cloud', 'edgemesh:kube-proxy:relay'].every((id) => needs.includes(id)));
});

test('agents are privileged, in the network of the node, and no CPU limit slows them', (t) => {
  const { items } = JSON.parse(stdinOf(stepOf(labWith({}), 'edgemesh:agents'))) as {
    items: { spec: { template: { spec: { hostNetwork: boolean; containers: { securityContext: object; resources: object }[] } } } }[];
  };
  const pod = items[0]?.spec.template.spec;
  t.true(pod?.hostNetwork);
  t.deepEqual(pod?.containers[0]?.securityContext, { privileged: true });
  t.false('limits' in (pod?.containers[0]?.resources ?? {}));
});

test('every node of the cluster proves that its ClusterIPs are caught', (t) => {
  const lab = labWith({}, { workloads: { echo: { on: 'each-node', port: 80 } } });
  const proofs = edgemesh.steps(lab).filter(({ verifies }) => verifies === true);
  t.deepEqual(
    proofs.map(({ id }) => id),
    ['edgemesh:caught:cloud', 'edgemesh:caught:relay', 'edgemesh:caught:a'],
  );
  for (const { action } of proofs)
    t.like('script' in action ? action.script.env : {}, {
      SERVICES: 'default/echo-cloud:http default/echo-relay:http default/echo-a:http',
      AGENT: '169.254.96.16',
    });
});

test('pods of an edge ask EdgeMesh for names, and only where it is installed', (t) => {
  const join = (lab: Lab): string => textOf(kubeedge.steps(lab).find(({ id }) => id === 'kubeedge:join:a')!);
  t.regex(join(labWith({})), /clusterDNS=\{169\.254\.96\.16\},modules\.edged\.tailoredKubeletConfig\.clusterDomain=cluster\.local/);
  const bare = labOf({ name: 'l', sites: { cloud, lan }, install: { kubernetes: {}, flannel: {}, kubeedge: {} } });
  t.notRegex(join(bare), /clusterDNS/);
});

test('a gateway is one Deployment on its node, with the tunnel of the agents and the right to read Secrets', (t) => {
  const lab = labWith({ version: '1.16.0', gateway: 'cloud' });
  t.deepEqual(edgemesh.externalImages?.(lab), ['kubeedge/edgemesh-agent:v1.16.0', 'kubeedge/edgemesh-gateway:v1.16.0']);
  const { items } = JSON.parse(stdinOf(stepOf(lab, 'edgemesh:gateway'))) as { items: Item[] };
  t.deepEqual(
    items.map(({ kind }) => kind),
    ['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'ConfigMap', 'Deployment'],
  );
  const config = JSON.parse(items[3]?.data?.['edgemesh-gateway.yaml'] ?? '') as { modules: Record<string, unknown> };
  t.deepEqual(config.modules['edgeGateway'], { enable: true });
  t.deepEqual(config.modules['edgeTunnel'], (configOf(lab) as Record<string, unknown>)['edgeTunnel']);
  t.like(items[4], {
    spec: {
      template: {
        spec: { nodeSelector: { 'kubernetes.io/hostname': 'cloud' }, hostNetwork: true, serviceAccountName: 'edgemesh-gateway' },
      },
    },
  });
  t.regex(JSON.stringify(items[1]), /"secrets"/);
  t.false(edgemesh.steps(labWith({})).some(({ id }) => id.startsWith('edgemesh:gateway')));
});

test('edgeCNI is given the podCIDRs of all nodes, which are known only once they have joined', (t) => {
  const lab = labWith({ cni: true });
  t.deepEqual((configOf(lab) as Record<string, unknown>)['edgeCNI'], {
    enable: true,
    meshCIDRConfig: { cloudCIDR: ['@cloud@', '@relay@'], edgeCIDR: ['@a@'] },
  });
  const step = stepOf(lab, 'edgemesh:prepare');
  t.like('script' in step.action ? step.action.script.env : {}, { NODES: 'cloud relay a' });
  t.regex(textOf(step), /s\|@\$node@\|/);
  t.regex(JSON.stringify(itemsOf(lab).find(({ kind }) => kind === 'ClusterRole')), /"namespaces","nodes"/);
  t.notRegex(JSON.stringify(itemsOf(labWith({})).find(({ kind }) => kind === 'ClusterRole')), /"nodes"/);
});

test('with edgeCNI edges of one LAN have routes to each other before the agents could take their podIPs', (t) => {
  const lab = labOf({
    name: 'l',
    sites: { cloud, lan: { ...lan, nodes: { a: { role: 'edge' }, b: { role: 'edge' } } } },
    install: { kubernetes: {}, flannel: {}, kubeedge: {}, edgemesh: { cni: true } },
  });
  const routes = bridgeCni.steps(lab).filter(({ id }) => id.startsWith('bridge-cni:neighbours:'));
  t.deepEqual(
    routes.map(({ id }) => id),
    ['bridge-cni:neighbours:a', 'bridge-cni:neighbours:b'],
  );
  t.like(routes[0]?.action, { container: 'a', script: { env: { CIDR_0: { capture: 'pod-cidr-b' }, VIA_0: '192.168.1.12' } } });
  t.true(routes.every(({ id }) => stepOf(lab, 'edgemesh:agents').needs.includes(id)));
  t.false(
    bridgeCni.steps(labWith({ cni: true })).some(({ id }) => id.startsWith('bridge-cni:neighbours:')),
    'an edge alone on its LAN',
  );
});

test('where kube-proxy runs too the wrong order of the jumps can be mended, by ending the agent gently', (t) => {
  const mends = edgemesh.steps(labWith({})).filter(({ mend }) => mend !== undefined);
  t.deepEqual(
    mends.map(({ id }) => id),
    ['edgemesh:caught:cloud', 'edgemesh:caught:relay'],
  );
  t.regex(mends[0]?.mend?.text ?? '', /pkill -TERM -x edgemesh-agent/);
});
