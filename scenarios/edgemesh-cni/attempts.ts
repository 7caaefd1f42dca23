/** Who asks whose podIP. */
import type { Expect, LabHandle, NodeHandle, ReachResult, ReachSpec } from 'edgelab';
import { cast, isEdge } from '../question-1/cast.ts';

type Pair = { from: NodeHandle; to: NodeHandle };

const pairs = (lab: LabHandle): Pair[] => {
  const { nodes } = cast(lab);
  return nodes.flatMap((from) => nodes.filter((to) => to.name !== from.name).map((to) => ({ from, to })));
};

const ask = (lab: LabHandle, { from, to }: Pair, more: Partial<ReachSpec>): ReachSpec => {
  const { workload } = cast(lab);
  return { from: lab.pod(workload, { on: from.name }), to: lab.pod(workload, { on: to.name }), timeout: '8s', ...more };
};

/** Tunnel packets that carry data are 20006 with payload; a podIP of a neighbour needs none. */
export const insideLan = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const near = pairs(lab).filter(({ from, to }) => from.segment === to.segment);
  const results = await expect.reachAll(
    near.map((pair) => ask(lab, pair, { path: 'direct', within: '30s', claims: ['S000-ADV-2', 'S000-ADV-3'] })),
  );
  for (const { check } of results) {
    const tunnelled = check.evidence.filter(({ saw, at }) => saw.includes('of the tunnel') || at.endsWith('edgemesh-agent'));
    expect.equal(tunnelled.length, 0, `signs of the tunnel in ${check.to}`, {
      from: check.from,
      claims: ['S000-ADV-3'],
      how: `only the CNI: ${check.how}`,
    });
  }
};

/** A reply to a masqueraded packet goes to an address of the caller's LAN, which nobody knows elsewhere. */
const masqueraded = {
  reason:
    'EdgeMesh 1.16.0 hands iptables its rule against masquerading as one word, "Bad argument": what an edge sends leaves as its LAN address',
};

/** What the design promises. The cloud's address is known everywhere, so its calls are answered in spite of the rule that is missing. */
export const acrossAsPublished = async (lab: LabHandle, expect: Expect): Promise<ReachResult[]> =>
  expect.reachAll(
    pairs(lab)
      .filter(({ from, to }) => from.segment !== to.segment)
      .map((pair) =>
        isEdge(pair.from)
          ? ask(lab, pair, { within: '15s', known: masqueraded })
          : ask(lab, pair, { within: '60s', claims: ['S000-ADV-4'] }),
      ),
  );

export const acrossMended = async (lab: LabHandle, expect: Expect): Promise<ReachResult[]> =>
  expect.reachAll(
    pairs(lab)
      .filter(({ from, to }) => from.segment !== to.segment)
      .map((pair) => ask(lab, pair, { within: '120s', path: ['direct', 'relayed'], claims: ['S000-ADV-4'] })),
  );
