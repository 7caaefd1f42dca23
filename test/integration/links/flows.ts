/** A lab with one routed LAN, and UDP flows measured through it. */
import { readFile } from 'node:fs/promises';
import type { ExecutionContext } from 'ava';
import type { Engine } from '../../../src/engine/engine.ts';
import { readLinkWords } from '../../../src/links/links.ts';
import type { LinkConditions } from '../../../src/model/link.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { up } from '../../../src/run/run.ts';
import { readTopology } from '../../../src/topology/topology.ts';

const program = await readFile(new URL('flow.pl', import.meta.url), 'utf8');

/** A routed LAN, so that both directions can be begun from outside. */
const topology = (name: string, link: string): string => `
name: ${name}
sites:
  net: { nodes: { server: { role: host } } }
  home:
    subnet: 45.80.0.0/24
    nat: none
    ${link}
    nodes: { laptop: { role: host } }
`;

export const link = (...words: string[]): LinkConditions => {
  const read = readLinkWords(words);
  if ('problem' in read) throw new Error(read.problem);
  return read;
};

export type Flow = { count: number; microseconds: number; size: number };
export type Measured = { received: number; p50: number; p99: number; reordered: number; doubled: number; kbit: number };

export const flowsOn = (engine: Engine, image: string) => {
  const bringUp = async (t: ExecutionContext, name: string, text = '') => {
    t.teardown(() => engine.remove(name));
    const { lab, diagnostics } = readTopology(topology(name, text), 'lab.yaml');
    const { plan } = makePlan(lab!);
    t.deepEqual(diagnostics, []);
    const running = up({
      ...{ lab: lab!, plan: plan!, engine, topologyFile: '/lab.yaml', emit: () => undefined, now: Date.now, runsDirectory: '/tmp' },
      signal: new AbortController().signal,
      images: { refs: new Map([['router', image]]) },
    });
    await running;
    for (const node of ['server', 'laptop']) await engine.writeFiles(name, node, [{ path: '/flow.pl', mode: 0o755, content: program }]);
    return { lab: lab!, plan: plan! };
  };

  const measure = async (lab: string, from: string, to: string, { count, microseconds, size }: Flow): Promise<Measured> => {
    const address = (await engine.exec(lab, to, ['hostname', '-I'])).stdout.trim().split(' ')[0]!;
    const ready = Promise.withResolvers<undefined>();
    const receiving = engine.exec(lab, to, ['perl', '/flow.pl', 'receive', '7000', String(count * 3), '60'], {
      onLine: (line) => {
        if (line === 'listening') ready.resolve(undefined);
      },
    });
    const ended = receiving.then(({ stderr }) => {
      throw new Error(`the receiver ended: ${stderr}`);
    });
    await Promise.race([ready.promise, ended]);
    ended.catch(() => undefined);
    // the first packets wait for ARP
    await engine.exec(lab, from, ['ping', '-c', '2', '-i', '0.2', address]);
    await engine.exec(lab, from, ['perl', '/flow.pl', 'send', address, '7000', String(count), String(microseconds), String(size)]);
    const [received = 0, bytes = 0, p50 = 0, p99 = 0, reordered = 0, doubled = 0, seconds = 1] = (await receiving).stdout
      .trim()
      .split('\n')
      .at(-1)!
      .split(' ')
      .map(Number);
    return { received, p50, p99, reordered, doubled, kbit: (bytes * 8) / seconds / 1000 };
  };

  return { bringUp, measure };
};

export const ways = [
  ['up', 'laptop', 'server'],
  ['down', 'server', 'laptop'],
] as const;
