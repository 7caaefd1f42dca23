import test from 'ava';
import { judgeEdgemesh, parseAgentLog, type AgentLine, type Packet, type TunnelFlow } from '../../src/evidence/evidence.ts';
import type { PathVerdict } from '../../src/model/check.ts';
import { relayOf } from '../../src/evidence/edgemesh-log.ts';
import { recorded } from './recordings.ts';

const nodes = ['cloud', 'edge-a1', 'edge-a2', 'edge-b1'];
const logs = new Map(nodes.map((node) => [node, parseAgentLog(recorded(`edgemesh/${node}.log`))]));
const pods = { cloud: '10.244.0.2:80', 'edge-a1': '10.244.3.2:80', 'edge-a2': '10.244.1.2:80', 'edge-b1': '10.244.2.2:80' };
type Name = keyof typeof pods;

const judgeWith = (lines: ReadonlyMap<string, readonly AgentLine[]>, packets: readonly Packet[] = []) =>
  judgeEdgemesh({ introductions: logs, lines, packets, wiresBetween: (from, to) => [from, to, 'lan-a-router'] });
const flow = (from: Name, to: Name, more: Partial<TunnelFlow> = {}): TunnelFlow => ({
  ...{ from, to, target: pods[to], asked: 'service' },
  ...more,
});

const goes = test.macro({
  exec(t, from: Name, to: Name, kind: PathVerdict, how: RegExp) {
    const verdict = judgeWith(logs)(flow(from, to));
    t.is(verdict?.path.kind, kind);
    t.regex(verdict?.how ?? '', how);
    t.true((verdict?.evidence.length ?? 0) > 0);
    t.true(verdict?.evidence.every(({ raw }) => raw !== undefined && !/^\d{4}-/.test(raw)));
  },
  title: (_, from: Name, to: Name, kind: PathVerdict) => `recorded: from ${from} to ${to} is ${kind}`,
});

test(goes, 'edge-a1', 'edge-b1', 'relayed', /relayed by cloud$/);
test(goes, 'edge-b1', 'edge-a2', 'relayed', /relayed by cloud$/);
test(goes, 'edge-a1', 'edge-a2', 'direct', /it came from 192\.168\.1\.11:\d+$/);
test(goes, 'edge-b1', 'cloud', 'direct', /it came from 45\.77\.0\.3:\d+$/);
test(goes, 'cloud', 'edge-b1', 'direct', /it came from 45\.77\.0\.10:20006$/);
test(goes, 'edge-a1', 'edge-a1', 'local', /inside edge-a1/);

test('a relayed flow names the dial at one end and the stream and the pod at the other', (t) => {
  const verdict = judgeWith(logs)(flow('edge-a1', 'edge-b1'));
  t.deepEqual(
    verdict?.evidence.map(({ at }) => at),
    ['edge-a1 edgemesh-agent', 'edge-b1 edgemesh-agent', 'edge-b1 edgemesh-agent'],
  );
  t.deepEqual(verdict?.path, { kind: 'relayed', through: ['cloud'], by: 'cloud' });
});

test('a call to a podIP is none of its flows, even to the same pod at the same time', (t) => {
  t.is(judgeWith(logs)(flow('edge-a1', 'edge-b1', { asked: 'pod' })), undefined);
});

test('without a dial line it did not carry the flow, whatever else the logs say', (t) => {
  t.is(judgeWith(new Map())(flow('edge-a1', 'edge-b1')), undefined);
  t.is(judgeWith(logs)(flow('edge-a1', 'edge-b1', { target: '10.244.2.99:80' })), undefined);
});

test('a dial whose stream the other agent never saw is unknown, not guessed', (t) => {
  const lines = new Map([['edge-a1', logs.get('edge-a1') ?? []]]);
  const verdict = judgeWith(lines)(flow('edge-a1', 'edge-b1'));
  t.is(verdict?.path.kind, 'unknown');
  t.regex(verdict?.how ?? '', /no stream of edge-a1 is in the log of edge-b1's agent/);
});

test('streams that came both ways are unknown', (t) => {
  const more = (logs.get('edge-b1') ?? []).map((line) =>
    line.kind === 'arrived' ? { ...line, peer: { ...line.peer, addresses: ['/ip4/45.77.0.2/tcp/61022'] } } : line,
  );
  const lines = new Map([...logs, ['edge-b1', [...(logs.get('edge-b1') ?? []), ...more]]]);
  t.is(judgeWith(lines)(flow('edge-a1', 'edge-b1'))?.path.kind, 'unknown');
});

test('a stream that could not be had is lost, and says when the relay knew no way', (t) => {
  const said = parseAgentLog(recorded('edgemesh/no-reservation.log'));
  const verdict = judgeWith(new Map([['edge-a1', said]]))(flow('edge-a1', 'edge-b1'));
  t.is(verdict?.path.kind, 'lost');
  t.regex(verdict?.how ?? '', /NO_RESERVATION/);
});

test('a message that klog writes on several lines is one', (t) => {
  const text = `2026-11-21T10:54:47.7Z stderr F E1121 10:54:47.756582       1 loadbalancer.go:920] "Dial failed" err=<
2026-11-21T10:54:47.7Z stderr F 	get proxy stream from edge-b1 error: failed to dial:
2026-11-21T10:54:47.7Z stderr F 	  * error opening relay circuit: NO_RESERVATION (204)
2026-11-21T10:54:47.7Z stderr F  >
2026-11-21T10:54:47.8Z stderr F I1121 10:54:47.856582       1 module.go:198] Run as a relay node`;
  t.deepEqual(
    parseAgentLog(text).map(({ kind, text: said }) => [kind, said.includes('NO_RESERVATION')]),
    [
      ['failed', true],
      ['relay', false],
    ],
  );
});

test('packets of the tunnel are counted by place and pair, both ways together', (t) => {
  const packet = (sport: number, dport: number, at = 'lan-a-router'): Packet => ({
    ...{ at, interface: 'wan0', direction: 'out', time: 1, raw: `${String(sport)} > ${String(dport)}` },
    layers: [
      {
        kind: 'tcp',
        src: sport === 20_006 ? '45.77.0.10' : '45.77.0.2',
        dst: sport === 20_006 ? '45.77.0.2' : '45.77.0.10',
        sport,
        dport,
        flags: 'P.',
      },
    ],
  });
  const packets = [packet(37_100, 20_006), packet(20_006, 37_100), packet(37_100, 443), packet(37_100, 20_006, 'elsewhere')];
  const rows = judgeWith(logs, packets)(flow('edge-a1', 'edge-b1'))?.evidence.filter(({ saw }) => saw.includes('of the tunnel'));
  t.deepEqual(rows, [
    { at: 'lan-a-router wan0', saw: '2 packets of the tunnel between 45.77.0.10:20006 and 45.77.0.2:37100', raw: '37100 > 20006' },
  ]);
});

test('only a circuit has a relay', (t) => {
  t.is(relayOf('/ip4/45.77.0.10/tcp/20006/p2p/12D3KooW/p2p-circuit'), '12D3KooW');
  t.is(relayOf('/ip4/45.77.0.10/tcp/20006'), undefined);
});

/** As an agent with edgeCNI logs a packet; addresses are those of the recorded lab. */
const stamp = 'I1121 11:20:00.000000       1 adapter.go:200] ';
const idOf = (node: string): string => {
  const self = (logs.get(node) ?? []).find((line) => line.kind === 'self');
  return self?.kind === 'self' ? self.peer.id : '';
};
const relay = `/ip4/45.77.0.10/tcp/20006/p2p/${idOf('cloud')}/p2p-circuit`;

test('with edgeCNI a podIP is carried packet by packet, and the way is that of the streams', (t) => {
  const lines = new Map([
    ['edge-a1', parseAgentLog(`${stamp}send Data to 10.244.2.2`)],
    ['edge-b1', parseAgentLog(`${stamp}[CNI]Adapter service got a new stream from {${idOf('edge-a1')}: [${relay}]}`)],
  ]);
  const verdict = judgeWith(lines)(flow('edge-a1', 'edge-b1', { asked: 'pod' }));
  t.deepEqual(verdict?.path, { kind: 'relayed', through: ['cloud'], by: 'cloud' });
  t.deepEqual(
    verdict?.evidence.map(({ at, saw }) => `${at}: ${saw}`),
    ['edge-a1 edgemesh-agent: put a packet for 10.244.2.2 into a stream', `edge-b1 edgemesh-agent: a packet came over ${relay}`],
  );
  t.is(judgeWith(lines)(flow('edge-a1', 'edge-a2', { asked: 'pod' })), undefined);
});
