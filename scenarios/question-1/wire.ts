/** A closer look at the captured packets of the attempts: the claims about outer addresses and lost replies. */
import type { Expect, LabHandle, NodeHandle, ReachResult } from 'edgelab';
import { cast } from './cast.ts';

export type Kind = 'podIP' | 'ping' | 'ClusterIP' | 'address';

/** The attempt from a node or its pod to another's. */
export const find = (results: readonly ReachResult[], from: NodeHandle, to: NodeHandle, wanted: Kind): ReachResult | undefined =>
  results.find(({ check, from: source, to: target }) => {
    if ((source.kind === 'pod' ? source.on : source.name) !== from.name) return false;
    if (wanted === 'address') return target.kind === 'address' && target.node.name === to.name;
    if (wanted === 'ClusterIP') return target.kind === 'service' && target.on === to.name;
    return target.kind === 'pod' && target.on === to.name && check.to.endsWith('(ping)') === (wanted === 'ping');
  });

/** A ping between pods of one LAN: VXLAN from one LAN address to the other, and back. */
export const checkTunnelEnds = (lab: LabHandle, expect: Expect, results: readonly ReachResult[]): void => {
  const { edges } = cast(lab);
  const pairs = edges.flatMap((from) => edges.filter((to) => to !== from && to.segment === from.segment).map((to) => [from, to] as const));
  for (const [from, to] of pairs) {
    const { request, reply, check } = find(results, from, to, 'ping') ?? {};
    const outer = [request?.leaving(from.name), reply?.leaving(to.name)].map((pair) =>
      pair?.tunnel === true ? `${pair.from.replace(/:.*/, '')} > ${pair.to}` : 'not seen',
    );
    expect.equal(
      outer.join(', '),
      `${from.address} > ${to.address}:8472, ${to.address} > ${from.address}:8472`,
      `outer addresses, ping to the pod on ${to.name}`,
      {
        from: `pod on ${from.name}`,
        claims: ['S000-Q1-7'],
        how: 'request and reply travel in VXLAN between the LAN addresses',
        evidence: check?.evidence ?? [],
      },
    );
  }
};

/** The cause of it all: the reply is sent to an address that means nothing outside the edge's LAN. */
export const checkLostReplies = (lab: LabHandle, expect: Expect, results: readonly ReachResult[]): void => {
  const { edges, clouds } = cast(lab);
  for (const edge of edges) {
    const router = lab.site(edge.site).router?.name;
    if (router === undefined) continue;
    for (const cloud of clouds.filter(({ name }) => lab.way(name, edge.name) === 'nowhere')) {
      const { reply, check } = find(results, edge, cloud, 'podIP') ?? {};
      const seen = [router, edge.name].map((name) => reply?.seenAt(name));
      const end = seen.includes(undefined) ? 'arrival not captured' : seen.includes(true) ? 'arrived' : 'never arrived';
      expect.equal(
        `${reply?.leaving(cloud.name)?.to ?? 'nowhere'}, ${end}`,
        `${edge.address}:8472, never arrived`,
        `where the reply to ${edge.name} goes`,
        {
          from: cloud.name,
          claims: ['S000-Q1-9'],
          how: check?.how ?? 'no attempt was made',
          evidence: check?.evidence ?? [],
        },
      );
    }
  }
};

/** flannel gives pods what the nodes have: where nodes cannot talk both ways, neither can pods. */
export const checkUnderlay = (lab: LabHandle, expect: Expect, results: readonly ReachResult[]): void => {
  const { nodes } = cast(lab);
  const bothWays = (a: NodeHandle, b: NodeHandle, what: 'podIP' | 'address'): boolean =>
    [find(results, a, b, what), find(results, b, a, what)].every((result) => result?.check.observed === 'reachable');
  for (const [index, a] of nodes.entries())
    for (const b of nodes.slice(index + 1)) {
      const [underlay, pods] = [bothWays(a, b, 'address'), bothWays(a, b, 'podIP')];
      expect.equal(pods ? 'reach each other' : 'apart', underlay ? 'reach each other' : 'apart', `pods of ${a.name} and ${b.name}`, {
        from: 'pod network',
        claims: ['S000-Q1-6'],
        how: `the nodes' own addresses ${underlay ? 'answer both ways' : 'do not answer both ways'}`,
        evidence: [
          ...(find(results, a, b, 'address')?.check.evidence.slice(0, 1) ?? []),
          ...(find(results, b, a, 'address')?.check.evidence.slice(0, 1) ?? []),
        ],
      });
    }
};
