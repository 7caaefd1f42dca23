import test from 'ava';
import { benchTunnel, benchTunnelUps, type Route, type TunnelTrial } from '../../src/bench/bench.ts';

const measured = { p50Ms: 0.3, p99Ms: 0.9, roundTrips: 2000, upMbit: 800, downMbit: 640 };
const member = (name: string, edge: boolean, segment: string) => ({ name, edge, segment });
const members = [member('cloud', false, 'internet'), member('a1', true, 'lan-a'), member('a2', true, 'lan-a'), member('b1', true, 'lan-b')];
const bare = (from: string, to: string): boolean => to === 'cloud' || from[0] === to[0];
const say = ({ from, to, over }: Route): string => `${from} > ${over} of ${to}`;

const makeTrial = (change: Partial<TunnelTrial> = {}): { trial: TunnelTrial; asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    trial: {
      ...{ members, bare, tell: () => undefined, first: ({ to }) => Promise.resolve(to === 'b1' ? undefined : 0.25) },
      look: (routes) => Promise.resolve(routes.map(({ over }) => ({ reachable: over !== 'podIP', path: 'relayed', how: 'by cloud' }))),
      measure: (route) => {
        asked.push(say(route));
        return Promise.resolve(measured);
      },
      ...change,
    },
  };
};

test('one pair of each kind is measured, the bare path only where routers lead there', async (t) => {
  const { trial, asked } = makeTrial();
  const { flows } = await benchTunnel('lab', trial);
  t.deepEqual(flows.map(say), [
    ...['cloud > podIP of a1', 'cloud > ClusterIP of a1'],
    ...['a1 > address of cloud', 'a1 > podIP of cloud', 'a1 > ClusterIP of cloud'],
    ...['a1 > address of a2', 'a1 > podIP of a2', 'a1 > ClusterIP of a2'],
    ...['a1 > podIP of b1', 'a1 > ClusterIP of b1'],
  ]);
  t.false(asked.some((one) => one.includes('podIP')));
});

test('what is out of reach is not measured, and what gave no answer has no figures', async (t) => {
  const { trial } = makeTrial({ measure: () => Promise.resolve(undefined) });
  const { flows } = await benchTunnel('lab', trial);
  t.true(flows.every((flow) => flow.measured === null));
});

test('a lab without a second LAN or a cloud instance has fewer pairs', async (t) => {
  const { trial } = makeTrial({ members: members.slice(1, 3) });
  t.deepEqual((await benchTunnel('lab', trial)).flows.map(say), ['a1 > address of a2', 'a1 > podIP of a2', 'a1 > ClusterIP of a2']);
});

test('first answers are those by ClusterIP', async (t) => {
  const { firstAnswers } = await benchTunnel('lab', makeTrial().trial);
  t.deepEqual(
    firstAnswers.map(({ from, to, seconds }) => [from, to, seconds]),
    [
      ['cloud', 'a1', 0.25],
      ['a1', 'cloud', 0.25],
      ['a1', 'a2', 0.25],
      ['a1', 'b1', null],
    ],
  );
});

test('both labs come up in turn, and the last one with the tunnel stays', async (t) => {
  const order: string[] = [];
  const figures = await benchTunnelUps(2, {
    up: (which) => Promise.resolve(order.push(`up ${which}`) && (which === 'bare' ? 30 : 33)),
    down: (which) => Promise.resolve(void order.push(`down ${which}`)),
  });
  t.deepEqual(order, ['up bare', 'down bare', 'up tunnel', 'down tunnel', 'up bare', 'down bare', 'up tunnel']);
  t.is(figures.ratio, 1.1);
});
