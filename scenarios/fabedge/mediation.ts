/** The connector as mediator: what it takes for two edges behind NATs to get a tunnel of their own, and where that ends. */
import type { Expect, LabHandle, NodeHandle, ReachSpec, RouterHandle } from 'edgelab';
import { cast, findConnector, pairsOf } from './cast.ts';
import { between, stands } from './community.ts';
import { evidenceOf, kinds } from './tunnels.ts';

/** Every edge keeps a second IKE SA with the connector: by it the other edges ask for a meeting, so it has no children. */
export const checkMediator = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const connector = await findConnector(lab);
  await Promise.all(
    cast(lab).edges.map((edge) =>
      expect.eventually('IKE SA with the mediator', '60s', async () => {
        const sas = (await lab.sas(edge.name)).filter(({ name }) => name === 'mediator');
        const [sa] = sas;
        const seen = sa ? `${sa.state}, ${String(sa.children.length)} children, as ${sa.local.id}, ${sa.remote.address}` : 'none';
        const wanted = `ESTABLISHED, 0 children, as ${lab.name}.${edge.name}, ${connector.address}`;
        return {
          ...{ holds: sas.length === 1 && seen === wanted, from: edge.name, claims: ['S004-20'], expected: wanted, observed: seen },
          how: 'to the connector, under the name of the edge and not that of its certificate, to be told from its tunnel',
          evidence: evidenceOf(edge.name, sas),
        };
      }),
    ),
  );
};

/**
 * X reaches the address that Y announced if Y's mapping does not depend on who asks, and Y's filter lets X in: because it asks
 * for no port, or because X comes from the port it announced (RFC 4787 sections 4.1 and 5). One direction is enough.
 */
const canReach = ({ nat: x }: RouterHandle, { nat: y }: RouterHandle): boolean =>
  x.kind === 'rfc4787' &&
  y.kind === 'rfc4787' &&
  y.mapping === 'endpoint-independent' &&
  (y.filtering !== 'address-and-port-dependent' || x.mapping === 'endpoint-independent');

export const canMeet = (lab: LabHandle, from: NodeHandle, to: NodeHandle): boolean => {
  const [here, there] = [lab.router(from.site), lab.router(to.site)];
  return canReach(here, there) || canReach(there, here);
};

const describePair = (lab: LabHandle, from: NodeHandle, to: NodeHandle): string =>
  `${lab.router(from.site).natName} to ${lab.router(to.site).natName}`;

/** Tunnels through the holes: to the outside address of the other's router, not to its own. */
export const checkHoles = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const pairs = pairsOf(cast(lab).edges);
  const [open, shut] = [pairs.filter(([from, to]) => canMeet(lab, from, to)), pairs.filter(([from, to]) => !canMeet(lab, from, to))];
  await Promise.all(
    open.map(([from, to]) =>
      expect.eventually(`tunnel to ${to.name}`, '120s', async () => {
        const sas = await between(lab, from, to);
        const sa = sas.find(({ state }) => state === 'ESTABLISHED');
        const { wan } = lab.router(to.site);
        const seen = sa && stands(sas) ? `${kinds.join(', ')} to ${sa.remote.address}` : (sas[0]?.state ?? 'no SA');
        const wanted = `${kinds.join(', ')} to ${wan}`;
        return {
          ...{ holds: seen === wanted, from: from.name, claims: ['S004-20'], expected: wanted, observed: seen },
          how: sa
            ? `${describePair(lab, from, to)}: from ${sa.local.address}[${String(sa.local.port)}] to ${sa.remote.address}[${String(sa.remote.port)}], a hole in ${lab.router(to.site).name}`
            : `${describePair(lab, from, to)}: both keep their outside port for everybody, so the holes meet`,
          evidence: evidenceOf(from.name, sas),
        };
      }),
    ),
  );
  await Promise.all(
    shut.map(async ([from, to]) => {
      const sas = await between(lab, from, to);
      expect.that(!stands(sas), `no tunnel to ${to.name}`, {
        ...{ from: from.name, claims: ['S004-20'], observed: sas[0]?.state ?? 'no SA' },
        how: `${describePair(lab, from, to)}: the port that one announces is not the one it comes from, and the other lets nothing else in`,
        evidence: evidenceOf(from.name, sas),
      });
    }),
  );
};

/** Pods of two edges, by podIP, ClusterIP and ping. */
export const tryHoles = (lab: LabHandle): ReachSpec[] => {
  const { workload, edges } = cast(lab);
  return pairsOf(edges).flatMap(([from, to]): ReachSpec[] => {
    const source = lab.pod(workload, { on: from.name });
    const [pod, service] = [lab.pod(workload, { on: to.name }), lab.service(workload, { on: to.name })];
    const expected: Partial<ReachSpec> = canMeet(lab, from, to) ? { path: 'direct', within: '30s' } : { outcome: 'timeout', within: '30s' };
    return [{ to: pod }, { to: service }, { to: pod, protocol: 'icmp' as const }].map((what): ReachSpec => ({
      ...{ from: source, claims: ['S004-20'], ...expected, ...what },
    }));
  });
};
