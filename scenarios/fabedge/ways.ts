/** Who asks whom, and by which way the answer is expected. */
import type { Expect, LabHandle, NodeHandle, ReachResult, ReachSpec } from 'edgelab';
import { cast, findConnector, pairsOf } from './cast.ts';

type Pair = { from: NodeHandle; to: NodeHandle };

const both = (lab: LabHandle, { from, to }: Pair, more: Partial<ReachSpec>): ReachSpec[] => {
  const { workload } = cast(lab);
  const source = lab.pod(workload, { on: from.name });
  return [
    { from: source, to: lab.pod(workload, { on: to.name }), ...more },
    { from: source, to: lab.service(workload, { on: to.name }), ...more },
  ];
};

/**
 * Through the gateway where the connector is neither end. The other cloud nodes learn their routes from it some 20 s after
 * it has begun, so these are asked again until then.
 */
export const listWays = async (lab: LabHandle): Promise<ReachSpec[]> => {
  const { edges, clouds } = cast(lab);
  const connector = await findConnector(lab);
  return clouds.flatMap((cloud) => {
    const path = cloud.name === connector.name ? 'direct' : 'gateway';
    return edges.flatMap((edge) => [
      ...both(lab, { from: cloud, to: edge }, { path, within: '90s', claims: ['S004-13'] }),
      ...both(lab, { from: edge, to: cloud }, { path, within: '90s', claims: ['S004-3', 'S004-13'] }),
    ]);
  });
};

/** How long the lab took until the first call went through the gateway. */
export const reportFirst = (expect: Expect, results: readonly ReachResult[]): void => {
  const through = results.filter(({ check }) => check.ok && check.path?.kind === 'gateway');
  const seconds = through.map((result) => result.check.seconds);
  expect.that(through.length > 0, 'first answer through the gateway', {
    claims: ['S004-13'],
    expected: 'within 90 s',
    observed: through.length > 0 ? `after ${String(Math.min(...seconds))} s` : 'none',
    how: through[0]?.check.how ?? 'no call was answered through the gateway',
    evidence: through.slice(0, 1).flatMap(({ check }) => check.evidence),
  });
};

/** By name, from each edge: its own Service and those of the cloud. */
export const listNames = (lab: LabHandle): ReachSpec[] => {
  const { workload, edges, clouds } = cast(lab);
  return edges.flatMap((edge) =>
    [edge, ...clouds].map((to): ReachSpec => ({
      from: lab.pod(workload, { on: edge.name }),
      to: lab.dns(workload, { on: to.name }),
      claims: ['S004-3'],
      within: '30s',
    })),
  );
};

/** Without a Community there is no tunnel between edges, in one LAN as little as across LANs. */
export const acrossEdges = (lab: LabHandle): ReachSpec[] =>
  pairsOf(cast(lab).edges).flatMap(([from, to]) => both(lab, { from, to }, { outcome: 'unreachable', claims: ['S004-15'] }));
