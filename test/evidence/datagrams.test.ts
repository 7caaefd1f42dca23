import test from 'ava';
import { captureFilter, explainFlow, findLoss, listHops, parseCapture, traceFlow, type Scene } from '../../src/evidence/evidence.ts';

const scene: Scene = {
  wires: new Map([
    ['edge-a1', [{ name: 'eth0', segment: 'lan-a', addresses: ['192.168.1.11'] }]],
    [
      'lan-a-router',
      [
        { name: 'lan0', segment: 'lan-a', addresses: ['192.168.1.1'] },
        { name: 'wan0', segment: 'internet', addresses: ['45.77.0.2'] },
      ],
    ],
    ['cloud', [{ name: 'eth0', segment: 'internet', addresses: ['45.77.0.10'] }]],
  ]),
};
const datagram = (time: number, where: string, from: string, to: string, length: number): string =>
  `${time}.000000 ${where} IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto UDP (17), length ${length + 28})\n    ${from} > ${to}: UDP, length ${length}\n`;
const packets = [
  ...parseCapture(
    'edge-a1',
    datagram(1, 'eth0  Out', '192.168.1.11.15000', '45.77.0.10.80', 77) +
      datagram(1, 'eth0  Out', '192.168.1.11.15001', '45.77.0.10.80', 78),
  ),
  ...parseCapture(
    'lan-a-router',
    datagram(2, 'lan0  In ', '192.168.1.11.15000', '45.77.0.10.80', 77) + datagram(3, 'wan0  Out', '45.77.0.2.61022', '45.77.0.10.80', 77),
  ),
  ...parseCapture(
    'cloud',
    datagram(4, 'eth0  In ', '45.77.0.2.61022', '45.77.0.10.80', 77) + datagram(5, 'eth0  Out', '45.77.0.10.80', '45.77.0.2.61022', 14),
  ),
];

test('a datagram is followed by its length through a NAT, its answer by the ends it had', (t) => {
  const flow = traceFlow(packets, 'edge-a1', { kind: 'udp', length: 77 });
  t.deepEqual(
    flow.requests.map(({ at, direction }) => `${at} ${direction}`),
    ['edge-a1 out', 'lan-a-router in', 'lan-a-router out', 'cloud in'],
  );
  t.deepEqual(
    flow.replies.map(({ at, direction }) => `${at} ${direction}`),
    ['cloud out'],
  );
  t.regex(
    explainFlow(flow, scene, 'timeout'),
    /^datagram reached cloud from 45\.77\.0\.2:61022; datagram left cloud for 45\.77\.0\.2:61022, never arrived$/,
  );
});

test('what got no answer is lost where the last of it was seen, and that row is marked', (t) => {
  const flow = traceFlow(packets, 'edge-a1', { kind: 'udp', length: 77 });
  t.deepEqual(findLoss(flow, scene), { kind: 'lost', through: ['lan-a-router', 'cloud'].slice(0, 1), at: 'cloud' });
  const rows = listHops(flow, scene, true);
  t.deepEqual(
    rows.filter(({ last }) => last).map(({ at, saw }) => `${at} ${saw}`),
    ['cloud eth0 out: datagram 45.77.0.10:80 > 45.77.0.2:61022'],
  );
  t.false(listHops(flow, scene).some(({ last }) => last));
});

test('another attempt is not mixed up with it', (t) => {
  const flow = traceFlow(packets, 'edge-a1', { kind: 'udp', length: 78 });
  t.deepEqual([flow.requests.length, flow.replies.length], [1, 0]);
  t.deepEqual(findLoss(flow, scene), { kind: 'lost', through: [], at: 'edge-a1' });
});

test('captures keep datagrams of the ports that are asked for', (t) => {
  t.regex(captureFilter([], [], [80, 53, 80]), /^udp port 53 or udp port 80 or icmp/);
});
