import test from 'ava';
import type { Check, Path } from '../../../src/model/check.ts';
import { describeWays } from '../../../src/report/report.ts';
import { readLab } from '../../scenario/fake-lab.ts';

const { lab } = readLab('two-lans-fabedge');
const call = (from: string, to: string, path?: Path, change: Partial<Check> = {}): Check => ({
  ...{
    id: `${from}>${to}`,
    claims: [],
    from,
    to,
    expected: 'reachable',
    observed: path ? 'reachable' : 'timeout',
    ok: path !== undefined,
    how: '',
  },
  ...{ evidence: [], seconds: 0, ...(path && { path }), ...change },
});
const direct: Path = { kind: 'direct', through: [], by: 'agents', rewritten: '10.244.1.1' };

test('ways are told by who talks to whom, each once', (t) => {
  const ways = describeWays(lab, [
    call('pod on cloud', 'ClusterIP of edge-a1', { kind: 'gateway', through: ['gateway'], by: 'gateway' }),
    call('pod on edge-a1', 'podIP of edge-a2', direct),
    call('pod on edge-a2', 'podIP of edge-a1', direct),
    call('pod on edge-a1', 'ClusterIP of edge-b1 (udp)', { kind: 'relayed', through: ['cloud'], by: 'cloud' }),
    call('pod on edge-b1', 'ClusterIP of edge-a1', direct),
    call('pod on edge-b1', 'ClusterIP of edge-b1', { kind: 'local', through: [] }),
    call('pod on cloud', 'ClusterIP of gateway', direct),
    call('edge-a1', 'agents on the node'),
  ]);
  t.deepEqual(ways, ['cloud and edge through gateway gateway', 'inside a LAN direct', 'across LANs relayed by cloud and direct']);
});

test('where all should have been answered and none was, there is no way', (t) => {
  t.deepEqual(describeWays(lab, [call('pod on cloud', 'podIP of edge-a1'), call('pod on edge-a1', 'podIP of cloud')]), [
    'cloud and edge none',
  ]);
});

test('what was not to be reached says nothing', (t) => {
  t.deepEqual(describeWays(lab, [call('pod on edge-a1', 'podIP of edge-b1', undefined, { expected: 'timeout', ok: true })]), []);
});
