import test from 'ava';
import { predict } from '../../scenarios/question-1/predict.ts';
import { makeLabHandle } from '../../src/scenario/lab-handle.ts';
import { makeFakeLab } from './fake-lab.ts';

const predictions = test.macro({
  async exec(t, topology: string, expected: Record<string, string>) {
    const handle = makeLabHandle({ ...(await makeFakeLab(topology)), signal: new AbortController().signal, track: (work) => work });
    const says = predict(handle);
    const dns = handle.node('cloud');
    for (const [pair, wanted] of Object.entries(expected)) {
      const [from, to] = pair.split(' > ').map((name) => handle.node(name)) as [
        ReturnType<typeof handle.node>,
        ReturnType<typeof handle.node>,
      ];
      t.is([says.podIP(from, to), says.clusterIP(from, to), says.name(from, to, dns), says.address(from, to)].join(' '), wanted, pair);
    }
  },
  title: (_, topology: string) => `what question 1 expects of ${topology} (podIP, ClusterIP, name, address)`,
});

test(predictions, 'two-lans', {
  'cloud > cloud': 'reachable reachable reachable reachable',
  'cloud > edge-a1': 'timeout timeout timeout unreachable',
  'edge-a1 > edge-a1': 'reachable reachable timeout reachable',
  'edge-a1 > edge-a2': 'reachable reachable timeout reachable',
  'edge-a1 > cloud': 'timeout timeout timeout reachable',
  'edge-a1 > edge-b1': 'timeout timeout timeout unreachable',
});

test(predictions, 'two-lans-bare', {
  'cloud > edge-a1': 'timeout timeout timeout unreachable',
  'edge-a1 > edge-a1': 'reachable unreachable unreachable reachable',
  'edge-a1 > edge-a2': 'unreachable unreachable unreachable reachable',
  'edge-a1 > cloud': 'unreachable unreachable unreachable reachable',
});

test(predictions, 'same-subnet', {
  'edge-a1 > edge-a2': 'reachable reachable timeout reachable',
  // edge-a1 itself has the address of edge-b1: its VXLAN packets come back to itself
  'edge-a1 > edge-b1': 'unreachable unreachable timeout unreachable',
  // nobody on lan-b has the address of edge-a2
  'edge-b1 > edge-a2': 'timeout timeout timeout timeout',
});
