/** What `bench network` measures with: labs of hosts and routers on the real engine, brought up and taken down as by a user. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend, BenchLab, NetworkTrial } from '../bench/bench.ts';
import type { Engine } from '../engine/engine.ts';
import { LabError } from '../lib/lab-error.ts';
import type { LinkFacts } from '../model/link.ts';
import { bringUp } from './bring-up.ts';
import { note, type Cli } from './cli.ts';
import { silent } from './reporting.ts';
import { loadTopology, type LoadedTopology } from './topology-file.ts';

/** What the machine would be with this way of making conditions alone. */
const only = (facts: LinkFacts, backend: Backend): LinkFacts => ({
  ...facts,
  netem: facts.netem && backend === 'netem',
  wire: facts.wire && backend === 'wire',
});

/**
 * Each lab is made from a file in a temporary folder and taken down before and after, by its name. Scripts that fail in it reject
 * with BENCH001.
 */
export const networkTrial = async (cli: Cli): Promise<NetworkTrial> => {
  const [engine, run] = await Promise.all([cli.connect(), import('../run/run.ts')]);
  const seconds = async (work: () => Promise<unknown>): Promise<number> => {
    const startedAt = cli.now();
    await work();
    return (cli.now() - startedAt) / 1000;
  };
  const down = (lab: string) => run.down({ lab, engine, emit: () => undefined, now: cli.now });
  return {
    say: (text) => note(cli, text),
    signal: cli.signal,
    withLab: async (text, work) => {
      const folder = await mkdtemp(join(tmpdir(), 'edgelab-bench-'));
      try {
        const file = join(folder, 'lab.yaml');
        await writeFile(file, text);
        const topology = await loadTopology(cli, file);
        const { name } = topology.lab;
        await down(name);
        try {
          const upSeconds = await seconds(() => bringUp(cli, topology, { report: silent, engine, keep: false }));
          const result = await work(await openLab(cli, engine, topology));
          return { result, upSeconds, downSeconds: await seconds(() => down(name)) };
        } finally {
          await down(name);
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
};

const openLab = async (cli: Cli, engine: Engine, { lab, plan }: LoadedTopology): Promise<BenchLab> => {
  const [{ conditionLink, probeLinks }, { findUnsupported, plainLink, readLinkWords }] = await Promise.all([
    import('../run/run.ts'),
    import('../links/links.ts'),
  ]);
  const { signal } = cli;
  const routers = plan.containers.filter(({ role }) => role === 'router').map(({ name }) => name);
  return {
    lab,
    sh: async (container, text, { stdin, seconds = 30 } = {}) => {
      const { code, stdout, stderr, timedOut } = await engine.exec(lab.name, container, ['/bin/sh', '-c', text], {
        ...{ signal, timeoutSeconds: seconds },
        ...(stdin !== undefined && { stdin }),
      });
      if (code === 0) return stdout.trim();
      throw new LabError(
        'BENCH001',
        `a measurement in ${container} ${timedOut ? 'was not done in time' : `ended with exit code ${code}`}`,
        {
          step: text.split('\n')[0] ?? '',
          outputTail: `${stdout}\n${stderr}`.trim().split('\n').slice(-10).join('\n'),
        },
      );
    },
    routerMemory: () => Promise.all(routers.map(async (name) => (await engine.memory(lab.name, name)) / 2 ** 20)),
    condition: async (site, words, backend) => {
      const place = { container: `${site}-router`, device: 'wan0', inner: 'lan0' };
      const read = words.length === 0 ? plainLink : readLinkWords(words);
      if ('problem' in read) throw new TypeError(read.problem);
      const has = await probeLinks({ engine, lab: lab.name, container: place.container });
      // what is asked for by name is not to be made by another
      if (words.length > 0 && backend !== 'nft' && !has[backend]) return `this machine has no ${backend}`;
      const facts = only(has, backend);
      const lack = findUnsupported(read, facts);
      if (lack === undefined) await conditionLink({ ...{ engine, lab: lab.name, place, facts, signal }, conditions: read });
      return lack;
    },
  };
};
