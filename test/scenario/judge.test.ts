import test from 'ava';
import type { Packet, Scene } from '../../src/evidence/evidence.ts';
import { judge } from '../../src/scenario/judge.ts';
import type { Attempt } from '../../src/scenario/attempts.ts';

/** Two LANs with one prefix: edge-a1 and edge-b1 have the same address. */
const scene: Scene = {
  wires: new Map([
    ['edge-a1', [{ name: 'eth0', segment: 'lan-a', addresses: ['192.168.1.11'] }]],
    ['edge-b1', [{ name: 'eth0', segment: 'lan-b', addresses: ['192.168.1.11'] }]],
    ['edge-b2', [{ name: 'eth0', segment: 'lan-b', addresses: ['192.168.1.12'] }]],
  ]),
};
const attempt: Attempt = {
  node: 'edge-b2',
  argv: ['ping'],
  read: () => ({ outcome: 'reachable', why: '' }),
  key: () => ({ kind: 'icmp', length: 70 }),
  answerer: { node: 'edge-a1' },
};
const echo = (at: string, direction: 'in' | 'out', reply: boolean, time: number): Packet => ({
  at, interface: 'eth0', direction, time, raw: '',
  layers: [{ kind: 'echo', src: reply ? '192.168.1.11' : '192.168.1.12', dst: reply ? '192.168.1.12' : '192.168.1.11', reply, id: 1, length: 70 }],
}); // prettier-ignore
const flow = {
  requests: [echo('edge-b2', 'out', false, 1), echo('edge-b1', 'in', false, 2)],
  replies: [echo('edge-b1', 'out', true, 3), echo('edge-b2', 'in', true, 4)],
  errors: [],
  repeats: 0,
};
const answered = { observation: { outcome: 'reachable', why: 'echo reply' } as const, flow, captured: new Set(['edge-b1', 'edge-b2']) };

test('a neighbour with the address of the target is not the target', (t) => {
  const { observed, ok, how } = judge({ outcome: 'unreachable' }, { ...answered, attempt }, scene);
  t.true(ok);
  t.is(observed, 'unreachable');
  t.is(how, 'edge-b1 answered instead of edge-a1: it has the same address on its own LAN');
});

test('the target itself is', (t) => {
  const { ok, how } = judge(
    { outcome: 'reachable', path: ['direct'] },
    { ...answered, attempt: { ...attempt, answerer: { node: 'edge-b1' } } },
    scene,
  );
  t.true(ok);
  t.is(how, '192.168.1.12 to 192.168.1.11 without a tunnel, direct on lan-b');
});
