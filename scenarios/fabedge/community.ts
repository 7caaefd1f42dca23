/** A Community of all edges: tunnels between edges of one LAN, and why there is none across the NATs. */
import type { Expect, IkeSa, LabHandle, NodeHandle, ReachSpec } from 'edgelab';
import { cast, pairsOf, readPodCidrs } from './cast.ts';
import { evidenceOf, findChild, kinds } from './tunnels.ts';

const community = 'all-edges';

export const makeCommunity = async (lab: LabHandle): Promise<void> => {
  const members = cast(lab).edges.map(({ name }) => `${lab.name}.${name}`);
  const object = { apiVersion: 'fabedge.io/v1alpha1', kind: 'Community', metadata: { name: community }, spec: { members } };
  await lab.kubectl({ input: JSON.stringify(object) })`apply -f -`;
};

export const removeCommunity = (lab: LabHandle): Promise<unknown> => lab.kubectl`delete community ${community} --ignore-not-found`;

const areNeighbours = (from: NodeHandle, to: NodeHandle): boolean => from.segment === to.segment;

export const between = async (lab: LabHandle, from: NodeHandle, to: NodeHandle): Promise<IkeSa[]> =>
  (await lab.sas(from.name)).filter(({ name }) => name === `${lab.name}.${to.name}`);

/** Both sides may begin at once; then there are two IKE SAs, and the children are spread over them. */
export const stands = (sas: readonly IkeSa[]): boolean =>
  kinds.every((kind) => sas.some((sa) => sa.state === 'ESTABLISHED' && findChild(sa, kind)));

export const checkCommunity = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { edges } = cast(lab);
  const pairs = pairsOf(edges);
  const neighbours = pairs.filter(([from, to]) => areNeighbours(from, to));
  await Promise.all(
    neighbours.map(([from, to]) =>
      expect.eventually(`tunnel to ${to.name}`, '120s', async () => {
        const sas = await between(lab, from, to);
        const [sa] = sas;
        return {
          holds: stands(sas),
          from: from.name,
          claims: ['S004-15', 'S004-16'],
          expected: 'ESTABLISHED with three children',
          observed: sa ? `${sa.state} with ${String(sa.children.length)} children` : 'no SA',
          how: sa
            ? `${sa.local.address}[${String(sa.local.port)}] and ${sa.remote.address}[${String(sa.remote.port)}]`
            : 'no SA between the two',
          evidence: evidenceOf(from.name, sas),
        };
      }),
    ),
  );
  for (const [from, to] of neighbours) await checkNeighbours(lab, expect, from, to);
};

export const checkAcross = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const pairs = pairsOf(cast(lab).edges).filter(([from, to]) => !areNeighbours(from, to));
  await Promise.all(pairs.map(([from, to]) => checkApart(lab, expect, from, to)));
};

const checkNeighbours = async (lab: LabHandle, expect: Expect, from: NodeHandle, to: NodeHandle): Promise<void> => {
  const [[here], [there], podCidrs] = await Promise.all([between(lab, from, to), between(lab, to, from), readPodCidrs(lab)]);
  if (!here || !there) return;
  const details = { from: from.name, evidence: [...evidenceOf(from.name, [here]), ...evidenceOf(to.name, [there])] };
  const end = ({ address, port }: IkeSa['local']): string => `${address}[${String(port)}]`;
  expect.equal(
    `${end(here.local)} and ${end(here.remote)}`,
    `${from.address}[4500] and ${to.address}[4500]`,
    `ends of the tunnel to ${to.name}`,
    {
      ...details,
      claims: ['S004-16', 'S004-19'],
      how: "straight on the LAN, at IKE's own port whatever that of the connector is",
    },
  );
  const p2p = findChild(here, 'p2p');
  expect.equal(
    p2p ? `${p2p.local.join(', ')} <-> ${p2p.remote.join(', ')}` : 'none',
    `${podCidrs.get(from.name) ?? ''} <-> ${podCidrs.get(to.name) ?? ''}`,
    `subnets of p2p to ${to.name}`,
    {
      ...details,
      claims: ['S004-17'],
      how: `${p2p?.mode ?? 'no child'}; ESP in user space is always in UDP, that of a kernel only where a NAT is`,
    },
  );
  const mirrored = kinds.every((kind) => {
    const [mine, theirs] = [findChild(here, kind), findChild(there, kind === 'p2p' ? 'p2p' : kind === 'p2n' ? 'n2p' : 'p2n')];
    return mine !== undefined && theirs !== undefined && mine.out.spi === theirs.in.spi && mine.local.join() === theirs.remote.join();
  });
  expect.that(mirrored && here.initiator !== there.initiator, `mirror image of ${to.name}`, {
    ...details,
    claims: ['S004-18'],
    how: "one side began; each out SPI is the other's in SPI, and p2n here is n2p there",
  });
};

/** The operator tells an edge the other one's LAN address, which leads nowhere from here. */
const checkApart = async (lab: LabHandle, expect: Expect, from: NodeHandle, to: NodeHandle): Promise<void> => {
  const sas = await between(lab, from, to);
  const [sa] = sas;
  expect.that(!stands(sas), `no tunnel to ${to.name}`, {
    from: from.name,
    claims: ['S004-20'],
    observed: sa ? `${sa.state}, ${sa.remote.address}[${String(sa.remote.port)}]` : 'no SA',
    how: `${to.address} is an address of ${to.site}, behind its NAT; without hole punching there is no way in`,
    evidence: evidenceOf(from.name, sas),
  });
};

/**
 * Neighbours reach each other through their own tunnel. Across LANs there is still none, yet the agent, once it knows the
 * Community, no longer masquerades what goes to the other's pods: the LAN's router lets nothing pass with a pod's address.
 */
export const tryCommunity = (lab: LabHandle): ReachSpec[] => {
  const { workload, edges } = cast(lab);
  return pairsOf(edges).flatMap(([from, to]): ReachSpec[] => {
    const source = lab.pod(workload, { on: from.name });
    const targets = [lab.pod(workload, { on: to.name }), lab.service(workload, { on: to.name })];
    return targets.map((target): ReachSpec =>
      areNeighbours(from, to)
        ? { from: source, to: target, path: 'direct', within: '30s', claims: ['S004-15'] }
        : { from: source, to: target, outcome: 'timeout', within: '120s', claims: ['S004-20'] },
    );
  });
};
