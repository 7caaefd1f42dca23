/** What captures and logs show of the calls that were answered: relayed only through the relay, direct only between neighbours. */
import type { Evidence, Expect, LabHandle, ReachResult } from 'edgelab';
import { findKnown } from './attempts.ts';

const fromOf = ({ from }: ReachResult): string => (from.kind === 'pod' ? from.on : from.name);
const toOf = ({ to }: ReachResult): string => (to.kind === 'service' ? (to.on ?? '') : '');

const tunnelAt = (result: ReachResult, place: string): Evidence[] =>
  result.check.evidence.filter(({ at, saw }) => at === place && saw.includes('of the tunnel'));

/** How long the lab took to carry the first call across LANs: EdgeMesh looks for relays now and then only. */
export const reportFirst = (lab: LabHandle, expect: Expect, results: readonly ReachResult[]): void => {
  const answered = results.filter(({ check }) => check.ok);
  const first = Math.min(...answered.map(({ check }) => check.seconds));
  expect.that(answered.length > 0, 'first answer across LANs', {
    claims: ['S000-Q2-8'],
    known: findKnown(lab),
    expected: 'within 180 s',
    observed: answered.length > 0 ? `after ${String(first)} s` : 'none',
    how: answered[0]?.check.how ?? 'no call was answered',
    evidence: answered.slice(0, 1).flatMap(({ check }) => check.evidence),
  });
};

/** Not only an answer: the dial of the caller's agent and the stream at the callee's. */
export const checkProof = (lab: LabHandle, expect: Expect, results: readonly ReachResult[]): void => {
  const remote = results.filter((result) => fromOf(result) !== toOf(result));
  const unproved = remote.filter(({ check }) => !check.evidence.some(({ saw }) => saw.startsWith('a stream came over')));
  expect.equal(remote.length - unproved.length, remote.length, 'calls with a stream in the log of both agents', {
    claims: ['S000-Q2-0'],
    known: findKnown(lab),
    how: unproved.map(({ check }) => check.id).join(', ') || 'each has the dial line of the caller and the stream of the callee',
  });
};

export const checkWays = (lab: LabHandle, expect: Expect, results: readonly ReachResult[]): void => {
  for (const result of results) {
    const [from, to] = [lab.node(fromOf(result)), lab.node(toOf(result))];
    if (from.name === to.name || from.role !== 'edge' || to.role !== 'edge') continue;
    if (from.segment === to.segment) checkNeighbours(expect, result, from, to);
    else checkApart(lab, expect, result, from.site, to.site);
  }
};

type End = { name: string; address: string; segment: string };

const checkNeighbours = (expect: Expect, result: ReachResult, from: End, to: End): void => {
  const seen = tunnelAt(result, `${from.name} eth0`).filter(
    ({ saw }) => saw.includes(`${from.address}:`) && saw.includes(`${to.address}:`),
  );
  expect.that(seen.length > 0, `tunnel to ${to.name} on the LAN itself`, {
    from: from.name,
    claims: ['S000-Q2-6'],
    how: `captured on ${from.segment} between ${from.address} and ${to.address}`,
    evidence: seen,
  });
};

/** Relayed: both routers carry the tunnel to the relay and nowhere else. Direct: they carry it to each other. */
const checkApart = (lab: LabHandle, expect: Expect, result: ReachResult, here: string, there: string): void => {
  const [near, far] = [lab.router(here), lab.router(there)];
  const direct = result.check.path?.kind === 'direct';
  const rows = [...tunnelAt(result, `${near.name} wan0`), ...tunnelAt(result, `${far.name} wan0`)];
  const between = rows.filter(({ saw }) => saw.includes(`${near.wan}:`) && saw.includes(`${far.wan}:`));
  expect.equal(
    between.length > 0 ? 'between the routers' : rows.length > 0 ? 'to the relay only' : 'nothing',
    direct ? 'between the routers' : 'to the relay only',
    `tunnel between ${here} and ${there}`,
    {
      from: fromOf(result),
      known: findKnown(lab),
      claims: direct ? ['S000-Q2-7'] : ['S000-Q2-7', 'S000-Q2-8'],
      how: direct
        ? `a hole was punched through ${near.natName} and ${far.natName}`
        : `${near.natName} and ${far.natName} were not punched, so the relay carries it`,
      evidence: rows,
    },
  );
};
