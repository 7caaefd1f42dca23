/** One round of attempts: captures on, all probes of all nodes side by side, captures off. */
import type { Engine } from '../engine/engine.ts';
import { traceFlow, type Flow, type TunnelVerdict } from '../evidence/evidence.ts';
import type { Lab } from '../model/lab.ts';
import { inconclusive, makeBatch, readBatch, readTranslations, type Observation, type Translation } from '../probes/probes.ts';
import { makeAttempt, makeTokens, type Attempt, type Wish } from './attempts.ts';
import { startCapture } from './capture.ts';
import { nodeResolvers } from './resolvers.ts';
import { readCluster } from './cluster.ts';
import { tunnelFilters, watchTunnels } from './tunnels/tunnels.ts';

/** The lab that is probed, and until when. `now` is in milliseconds since the epoch. */
export type RoundSite = {
  lab: Lab;
  engine: Engine;
  /** All containers of the lab: captures run in each. */
  containers: readonly string[];
  /** Container where kubectl works. */
  kubectl: string | undefined;
  signal: AbortSignal;
  now: () => number;
};

/** What came of one wish. */
export type Outcome = {
  observation: Observation;
  attempt?: Attempt;
  /** What the captures show of it; absent when there was none where it began. */
  flow?: Flow;
  /** Containers that were captured meanwhile. */
  captured: ReadonlySet<string>;
  /** What its node's connection table says of it (HTTP, UDP). */
  translation?: Translation;
  /** What a tunnel of the lab says of it; absent where none carried it. */
  tunnel?: TunnelVerdict;
};

/** One outcome per wish, in their order. */
export const runRound = async (site: RoundSite, wishes: readonly Wish[]): Promise<Outcome[]> => {
  const { lab, engine, containers, kubectl, signal, now } = site;
  const cluster = kubectl === undefined ? undefined : await readCluster({ engine, lab: lab.name, container: kubectl, signal });
  const facts = { cluster, workloads: lab.workloads, tokens: makeTokens(now()), resolvers: nodeResolvers(lab) };
  const attempts = wishes.map((wish) => makeAttempt(wish, facts));
  const portsOf = (transport: Attempt['transport']): number[] =>
    attempts.flatMap((attempt) =>
      typeof attempt === 'string' || attempt.port === undefined || attempt.transport !== transport ? [] : [attempt.port],
    );
  const [capture, askTunnels] = await Promise.all([
    startCapture({ engine, lab: lab.name, containers, signal }, portsOf('tcp'), tunnelFilters(lab), portsOf('udp')),
    watchTunnels({ lab, engine, signal }),
  ]);
  const probed = await runProbes(site, attempts, wishes).catch(async (error: unknown) => {
    await capture.stop().catch(() => undefined);
    throw error;
  });
  const packets = await capture.stop();
  const judgeTunnel = await askTunnels(packets);
  return attempts.map((attempt, index) => {
    const { observation, translations } = probed[index]!;
    if (typeof attempt === 'string') return { observation, captured: capture.running };
    const translation = observation.localPort === undefined ? undefined : translations.get(observation.localPort);
    const flow = capture.running.has(attempt.node) ? traceFlow(packets, attempt.node, attempt.key(observation, translations)) : undefined;
    const tunnel = attempt.far === undefined ? undefined : judgeTunnel({ from: attempt.node, ...attempt.far });
    return {
      ...{ observation, attempt, captured: capture.running },
      ...(flow ? { flow } : {}),
      ...(translation ? { translation } : {}),
      ...(tunnel ? { tunnel } : {}),
    };
  });
};

type Probed = { observation: Observation; translations: ReadonlyMap<number, Translation> };

/** One command per node runs all of its probes at once: time-outs overlap, and a command costs more than a probe. */
const runProbes = async (
  { lab, engine, signal }: RoundSite,
  attempts: readonly (Attempt | string)[],
  wishes: readonly Wish[],
): Promise<Probed[]> => {
  const probed = attempts.map((attempt): Probed => ({
    observation: inconclusive(typeof attempt === 'string' ? attempt : 'the probe gave no result'),
    translations: new Map(),
  }));
  const numbered = attempts.map((attempt, index) => ({ attempt, index }));
  const byNode = Map.groupBy(numbered, ({ attempt }) => (typeof attempt === 'string' ? '' : attempt.node));
  byNode.delete('');
  const limit = Math.ceil(Math.max(0, ...wishes.map(({ timeoutSeconds }) => timeoutSeconds))) + 8;
  await Promise.all(
    [...byNode].map(async ([node, group]) => {
      const batch = group.flatMap(({ attempt }) => (typeof attempt === 'string' ? [] : [attempt]));
      const { stdout, stderr, code, timedOut } = await engine.exec(lab.name, node, ['sh'], {
        stdin: makeBatch(batch, limit),
        timeoutSeconds: limit + 10,
        signal,
      });
      const results = readBatch(stdout, batch.length);
      const translations = readTranslations(stdout);
      for (const [position, { attempt, index }] of group.entries()) {
        const result = results[position];
        const why = timedOut ? `probes on ${node} did not end` : `probes on ${node} could not run (exit code ${code}): ${stderr.trim()}`;
        probed[index] = { observation: result && typeof attempt !== 'string' ? attempt.read(result) : inconclusive(why), translations };
      }
    }),
  );
  return probed;
};
