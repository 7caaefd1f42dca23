import test from 'ava';
import {
  explainFlow,
  findAnswerer,
  findPath,
  listHops,
  makeTrace,
  parseCapture,
  traceFlow,
  type FlowKey,
} from '../../src/evidence/evidence.ts';
import type { ReachOutcome } from '../../src/model/check.ts';
import { containers, packets, ports, recorded, scene, trace } from './recordings.ts';

const explains = test.macro({
  exec(t, source: string, key: FlowKey, outcome: ReachOutcome, expected: RegExp) {
    t.regex(explainFlow(trace(source, key), scene, outcome), expected);
  },
  title: (title = '') => `the recorded round explains ${title}`,
});

test(
  'a neighbour reached by VXLAN',
  explains,
  'edge-a1',
  { kind: 'tcp', ports: [ports.podOfNeighbour] },
  'reachable',
  /^VXLAN from 192\.168\.1\.11 to 192\.168\.1\.12, direct on lan-a$/,
);
test(
  'a neighbour behind a ClusterIP',
  explains,
  'edge-a1',
  { kind: 'tcp', ports: [ports.clusterIpOfNeighbour] },
  'reachable',
  /^VXLAN from 192\.168\.1\.11 to 192\.168\.1\.12, direct on lan-a$/,
);
test(
  'a connection whose source port the node translated',
  explains,
  'edge-a1',
  { kind: 'tcp', ports: [ports.fromNode, 34816] },
  'reachable',
  /^VXLAN from 192\.168\.1\.11/,
);
test(
  'a reply that never arrives',
  explains,
  'edge-a1',
  { kind: 'tcp', ports: [ports.podOfCloud] },
  'timeout',
  /^SYN reached cloud in VXLAN from 45\.77\.0\.2:\d+; SYN-ACK left cloud for 192\.168\.1\.11:8472 in VXLAN, lost at internet-core \(host 192\.168\.1\.11 unreachable\)$/,
);
test(
  'a request that never arrives',
  explains,
  'cloud',
  { kind: 'tcp', ports: [ports.cloudToEdge] },
  'timeout',
  /^SYN left cloud for 192\.168\.1\.11:8472 in VXLAN, lost at internet-core/,
);
test(
  'a request lost behind its NAT',
  explains,
  'edge-b1',
  { kind: 'tcp', ports: [ports.acrossLans] },
  'timeout',
  /^SYN left lan-b-router as 45\.77\.0\.3:\d+ for 192\.168\.1\.12:8472 in VXLAN, lost at internet-core/,
);
test(
  'a name lookup whose answer is lost',
  explains,
  'edge-a1',
  { kind: 'dns', name: 'echo-edge-a2.default.svc.cluster.local' },
  'timeout',
  /^query reached cloud in VXLAN from .*; answer left cloud for 192\.168\.1\.11:8472/,
);
test(
  'a ping through the NAT',
  explains,
  'edge-a1',
  { kind: 'icmp', length: 69 },
  'reachable',
  /^192\.168\.1\.11 to 45\.77\.0\.10 without a tunnel, through lan-a-router, translated to 45\.77\.0\.2$/,
);
test(
  'a ping to a private address',
  explains,
  'cloud',
  { kind: 'icmp', length: 70 },
  'unreachable',
  /^echo request left cloud for 192\.168\.1\.11, lost at internet-core \(host 192\.168\.1\.11 unreachable\)$/,
);
test(
  'a Service without endpoints',
  explains,
  'edge-a1',
  { kind: 'tcp', ports: [ports.refused] },
  'refused',
  /^edge-a1 \(\d+\.\d+\.\d+\.\d+ tcp port 80 unreachable\)$/,
);
test('an attempt nothing shows', explains, 'edge-a1', { kind: 'tcp', ports: [1] }, 'timeout', /^no packet of it was seen$/);
test('an answer from the own pod', explains, 'cloud', { kind: 'tcp', ports: [1] }, 'reachable', /^inside the pod, no interface touched$/);

test('a reset is told from the packet that refused', (t) => {
  const both = ['edge-a1', 'edge-a2'].flatMap((name) => parseCapture(name, recorded(`refused/${name}.txt`)));
  const flow = traceFlow(both, 'edge-a1', { kind: 'tcp', ports: [40005] });
  t.is(explainFlow(flow, scene, 'refused'), 'RST from edge-a2');
  t.is(findAnswerer(flow), 'edge-a2');
});

test('a packet that goes round inside a node is told from the error that ends it', (t) => {
  const flow = traceFlow(parseCapture('edge-a1', recorded('loop/edge-a1.txt')), 'edge-a1', { kind: 'tcp', ports: [17500] });
  t.is(explainFlow(flow, scene, 'unreachable'), 'SYN last seen at edge-a1 flannel.1 (in); edge-a1 (time exceeded in-transit)');
});

test('a request that came to another node without being seen on a wire is not taken for a local one', (t) => {
  const flow = trace('edge-a1', { kind: 'tcp', ports: [ports.podOfNeighbour] });
  const hidden = { ...flow, requests: flow.requests.filter(({ interface: name }) => name !== 'eth0') };
  t.is(findPath(hidden, scene).kind, 'unknown');
  t.is(explainFlow(hidden, scene, 'reachable'), 'edge-a1 flannel.1 to edge-a2 flannel.1, in what was not seen');
});

test('a path is local, direct or routed', (t) => {
  t.deepEqual(findPath(trace('edge-a1', { kind: 'tcp', ports: [ports.podOfNeighbour] }), scene), { kind: 'direct', through: [] });
  t.deepEqual(findPath(trace('edge-a1', { kind: 'icmp', length: 69 }), scene), { kind: 'routed', through: ['lan-a-router'] });
  t.deepEqual(findPath(trace('cloud', { kind: 'tcp', ports: [22518] }), scene), { kind: 'local', through: [] });
});

test('a lost packet without an ICMP error is said to be lost where it was last seen', (t) => {
  const quiet = packets.filter(({ layers }) => layers[0].kind !== 'icmp-error');
  const flow = traceFlow(quiet, 'cloud', { kind: 'tcp', ports: [ports.cloudToEdge] });
  t.is(explainFlow(flow, scene, 'timeout'), 'SYN left cloud for 192.168.1.11:8472 in VXLAN, lost at internet-core');
});

test('without captures beyond the sender it only says what left', (t) => {
  const own = packets.filter(({ at, layers }) => at === 'cloud' && layers[0].kind !== 'icmp-error');
  const flow = traceFlow(own, 'cloud', { kind: 'tcp', ports: [ports.cloudToEdge] });
  t.is(explainFlow(flow, scene, 'timeout'), 'SYN left cloud for 192.168.1.11:8472 in VXLAN, never arrived');
});

test('a request that stays inside the node is said to end there', (t) => {
  const inside = packets.filter(({ at, interface: name }) => at === 'cloud' && name !== 'eth0');
  const flow = traceFlow(inside, 'cloud', { kind: 'tcp', ports: [ports.cloudToEdge] });
  t.is(explainFlow(flow, scene, 'timeout'), 'SYN last seen at cloud flannel.1 (out)');
});

test('the hop table tells each place once, in the order of time, with outer addresses', (t) => {
  const hops = listHops(trace('edge-a1', { kind: 'tcp', ports: [ports.podOfCloud] }), scene);
  const places = hops.map(({ at, saw }) => `${at} ${saw.split(':')[0] ?? ''}`);
  t.is(
    new Set(places).size,
    places.length - places.filter((place) => place === 'cloud eth0 in').length + 1,
    'only cloud eth0 has two: the SYN and the error',
  );
  const routers = hops.filter(({ at }) => at.startsWith('lan-a-router')).map(({ at, saw }) => `${at} ${saw.replaceAll(/:\d{4,5}/g, '')}`);
  t.deepEqual(routers, [
    'lan-a-router lan0 in: SYN 10.244.2.2 > 10.244.0.2:80 in VXLAN 192.168.1.11 > 45.77.0.10',
    'lan-a-router wan0 out: SYN 10.244.2.2 > 10.244.0.2:80 in VXLAN 45.77.0.2 > 45.77.0.10',
  ]);
  t.true(
    hops.filter(({ at }) => at.startsWith('lan-a-router')).every(({ raw }) => raw !== undefined),
    'what was on a wire keeps its line',
  );
});

test('a trace says for what address a reply left, and where it was not seen', (t) => {
  const { replies } = trace('edge-a1', { kind: 'tcp', ports: [ports.podOfCloud] });
  const captured = new Set(containers);
  const reply = makeTrace(replies, scene, captured);
  t.like(reply.leaving('cloud'), { to: '192.168.1.11:8472', tunnel: true });
  t.false(reply.seenAt('lan-a-router'));
  t.false(reply.seenAt('edge-a1'));
  captured.delete('lan-a-router');
  t.is(reply.seenAt('lan-a-router'), undefined, 'what was not captured cannot be said to be absent');
});
