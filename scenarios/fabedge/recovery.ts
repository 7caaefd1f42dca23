/** Faults of the NATs that a tunnel goes through, and how long it is out. */
import type { Expect, LabHandle, NodeHandle, ReachSpec } from 'edgelab';
import { cast, findConnector } from './cast.ts';

/** Where the connector sees an edge, `45.77.0.3[41234]`: what the edge's NAT made of it. */
export const seenAt = async (lab: LabHandle, edge: NodeHandle): Promise<string> => {
  const { name } = await findConnector(lab);
  const sa = (await lab.sas(name)).find((one) => one.name === `${lab.name}.${edge.name}` && one.state === 'ESTABLISHED');
  return sa ? `${sa.remote.address}[${String(sa.remote.port)}]` : 'nowhere';
};

/** Between the edge and the connector's node, both ways. DPD asks every 10 s, NAT keepalives go every 20 s. */
export const bothWays = async (lab: LabHandle, edge: NodeHandle): Promise<ReachSpec[]> => {
  const { workload } = cast(lab);
  const connector = await findConnector(lab);
  const [far, near] = [lab.pod(workload, { on: edge.name }), lab.pod(workload, { on: connector.name })];
  const more = { path: 'direct', within: '60s' } as const;
  return [
    { from: near, to: far, ...more },
    { from: far, to: near, ...more },
  ];
};

/**
 * Does something to an edge's NAT, and looks where the connector sees the edge afterwards. Only new ports must be others: of
 * several edges of one LAN that begin anew at 4500, the first keeps it outside.
 */
export const disturb = async (
  lab: LabHandle,
  expect: Expect,
  edge: NodeHandle,
  { what, moves = false, work }: { what: string; moves?: boolean; work: () => Promise<void> },
): Promise<void> => {
  const before = await seenAt(lab, edge);
  await work();
  const results = await expect.reachAll(await bothWays(lab, edge));
  const after = await seenAt(lab, edge);
  const seconds = Math.max(...results.map(({ check }) => check.seconds));
  const seen = after === 'nowhere' ? 'nowhere' : before === after ? 'at the same outside port' : 'at another outside port';
  expect.that(before !== 'nowhere' && after !== 'nowhere' && (!moves || before !== after), `connector follows ${edge.name}`, {
    from: edge.name,
    expected: moves ? 'at another outside port' : 'somewhere',
    observed: seen,
    how: `${what}: ${before} before, ${after} after; both ways again after ${seconds.toFixed(1)} s`,
  });
};
