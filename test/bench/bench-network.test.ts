import test from 'ava';
import { benchNetwork, isWhole, type NetworkTrial } from '../../src/bench/bench.ts';
import { readLab } from '../lib/read-lab.ts';

/** One in twenty is late by half a millisecond. */
const pings = (delay: number): string =>
  Array.from({ length: 100 }, (_, index) => `64 bytes: time=${delay + (index % 20 === 0 ? 0.7 : 0.2)} ms\n`).join('');

/** A machine whose NAT takes a tenth of the throughput, whose links are late by 0.1 ms and lose 2.1 %. */
const makeTrial = () => {
  const labs: string[] = [];
  let delayed = 0;
  let lossy = false;
  const trial: NetworkTrial = {
    say: () => undefined,
    signal: new AbortController().signal,
    withLab: async (topology, work) => {
      const lab = readLab(topology, 'lab.yaml');
      labs.push(`${lab.name} ${lab.sites.filter((site) => site.lan).length}`);
      const result = await work({
        lab,
        routerMemory: () => Promise.resolve([1, 3, 2]),
        condition: (_site, words, backend) => {
          if (backend === 'netem' && words.length > 0) return Promise.resolve('the kernel has no netem');
          delayed = words.some((word) => word === 'up.delay=50ms') ? 50.1 : 0;
          lossy = words.some((word) => word === 'up.loss=2%');
          return Promise.resolve(undefined);
        },
        sh: (container, text) => {
          if (text.startsWith('ping')) return Promise.resolve(pings(delayed));
          if (text.includes('reset counter')) return Promise.resolve(`packets ${lossy ? 979 : 10} bytes 0`);
          return Promise.resolve(container === 'masked-host' ? '9' : '10');
        },
      });
      return { result, upSeconds: 5, downSeconds: 1 };
    },
  };
  return { labs, trial };
};

test('each count of LANs is a lab of its own, and figures are what was seen', async (t) => {
  const { labs, trial } = makeTrial();
  const figures = await benchNetwork({ lans: [10, 50], pairs: 2, bindings: [10], packets: 1000 }, trial);
  t.deepEqual(labs, ['bench-lans 10', 'bench-lans 50', 'bench-path 2']);
  t.deepEqual(figures.lans[0], { count: 10, upSeconds: 5, downSeconds: 1, routerMemory: [3, 2] });
  t.like(figures, {
    throughputRatio: 0.9,
    delay: {
      without: { idle: { p50: 0.2, p99: 0.7 }, busy: { p50: 0.2, p99: 0.7, gbit: 9 } },
      added: {
        netem: 'the kernel has no netem',
        wire: { idle: { p50: 50.1, p99: 50.6 }, busy: { p50: 50.1, p99: 50.6, gbit: 9 } },
      },
    },
    loss: { backends: { netem: 'the kernel has no netem', wire: { percent: 2.1 }, nft: { percent: 2.1 } } },
    bindings: { counts: [{ count: 10, arrived: 10, openMicroseconds: 9, packetMicroseconds: 9 }] },
  });
  t.true(isWhole(figures));
});

test('what cannot be measured is said in its place, and all else is measured', async (t) => {
  const { trial } = makeTrial();
  const figures = await benchNetwork(
    { lans: [10, 100], pairs: 2, bindings: [10], packets: 1000 },
    {
      ...trial,
      withLab: async (topology, work) =>
        topology.includes('lan-100')
          ? Promise.reject(new Error('something is left'))
          : trial.withLab(topology, (lab) =>
              work({
                ...lab,
                condition: (site, words, backend) =>
                  words.includes('up.loss=2%') ? Promise.reject(new Error('no loss today')) : lab.condition(site, words, backend),
              }),
            ),
    },
  );
  t.like(figures.lans, [
    { count: 10, upSeconds: 5 },
    { count: 100, failed: 'something is left' },
  ]);
  t.deepEqual(figures.loss, { failed: 'no loss today' });
  t.is(figures.throughputRatio, 0.9);
  t.false(isWhole(figures));
});

test('who gives up gets no figures', async (t) => {
  const { trial } = makeTrial();
  const signal = AbortSignal.abort(new Error('interrupted'));
  await t.throwsAsync(
    benchNetwork(
      { lans: [10], pairs: 2, bindings: [10], packets: 1000 },
      { ...trial, signal, withLab: () => Promise.reject(new Error('cut')) },
    ),
    { message: 'interrupted' },
  );
});
