/** Who is on a network, and how they leave it: never two at once. */
import { atMost } from '../../lib/at-most.ts';
import { ask, statusOf, type Connection } from './connection.ts';

/** Up to so many members of a network leave it by being removed, in turn; more are taken off it before, which is quicker. */
const fewMembers = 2;

/**
 * A network and its members. Docker counts a network's endpoints, and of two that go in the same millisecond it may count
 * only one (`atomicIncDecEpCnt` of libnetwork in Docker 20.10: what the second took off is overwritten when the first
 * reads the count anew). The network then has "active endpoints" until the engine starts again.
 */
export type Membership = {
  network: { ref: string; name: string };
  /** Names of their containers, by what Docker calls the member: a container's id, or an endpoint's when its container is gone. */
  members: Map<string, string>;
  /** More than a few: its members are taken off it, others are removed while they are on it. */
  crowded: boolean;
  /** Runs what makes a member leave when no other one is leaving. */
  inTurn: <T>(leave: () => Promise<T>) => Promise<T>;
};

/** A network that has gone meanwhile has no members. */
export async function readMembership(connection: Connection, network: { ref: string; name: string }): Promise<Membership> {
  const { ref, name } = network;
  const there = await ask(connection, `inspect network ${name}`, async () => {
    const inspected = await connection.docker.getNetwork(ref).inspect().catch(unlessRefused);
    return (inspected as { Containers?: Record<string, { Name: string }> } | undefined)?.Containers ?? {};
  });
  const members = new Map(Object.entries(there).map(([id, { Name }]) => [id, Name]));
  return { network, members, crowded: members.size > fewMembers, inTurn: atMost(1) };
}

/** Takes a member off a network in its turn. */
export function takeOff(connection: Connection, { network, members, inTurn }: Membership, member: string): Promise<void> {
  const { ref, name } = network;
  const options = { Container: members.get(member), Force: true };
  return inTurn(() =>
    ask(connection, `take a container off network ${name}`, () =>
      connection.docker
        .getNetwork(ref)
        .disconnect(options)
        .then(() => undefined, unlessRefused),
    ),
  );
}

/** Makes a member leave all these networks by one act, in its turn on each. Turns are taken in their order, so none waits in a circle. */
export function leaveTogether<T>(memberships: readonly Membership[], leave: () => Promise<T>): Promise<T> {
  return memberships.reduceRight(
    (next, { inTurn }) =>
      () =>
        inTurn(next),
    leave,
  )();
}

/** A refusal is no trouble here: who or what was to go has gone meanwhile, or the removal will say what is wrong. */
function unlessRefused(error: unknown): undefined {
  if (statusOf(error) === undefined) throw error;
}
