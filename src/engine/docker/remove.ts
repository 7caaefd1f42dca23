/** Taking a lab away: its containers, then its networks and volumes, and looking whether anything is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost } from '../../lib/at-most.ts';
import { LabError } from '../../lib/lab-error.ts';
import type { LabName, Owned } from '../engine.ts';
import { listContainers } from './containers.ts';
import { ask, messageOf, statusOf, type Connection } from './connection.ts';
import { leaveTogether, readMembership, takeOff, type Membership } from './members.ts';
import { listNetworks } from './networks.ts';
import { listVolumes } from './volumes.ts';

type Thing = Pick<Owned, 'kind' | 'ref' | 'name'>;

/** How long Docker may take until nothing is left; seconds. */
const usualLimitSeconds = 30;

/** How many removals Docker is asked for at once; more only wait for each other's locks. */
const atOnce = 16;

/**
 * Goes on in rounds until a look finds nothing with the lab's label: what Docker calls busy (a removal in progress, an
 * endpoint not yet gone) and what a cancelled `up` still created is taken in the next round.
 */
export async function removeLab(
  connection: Connection,
  lab: LabName,
  signal?: AbortSignal,
  limitSeconds = usualLimitSeconds,
): Promise<{ containers: number; networks: number; volumes: number }> {
  const seen = { container: new Set<string>(), network: new Set<string>(), volume: new Set<string>() };
  const end = performance.now() + limitSeconds * 1000;
  let trouble: string | undefined;
  let tried = false;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    signal?.throwIfAborted();
    const left = await listThings(connection, lab);
    for (const { kind, ref } of left) seen[kind].add(ref);
    if (left.length === 0) return { containers: seen.container.size, networks: seen.network.size, volumes: seen.volume.size };
    // a busy engine may take all the time to say what there is: nobody gives up without having tried
    if (tried && performance.now() > end) throw somethingLeft({ lab, left, trouble, limitSeconds });

    const troubles = await removeThings(connection, left);
    tried = true;
    trouble = troubles[0];
    if (trouble !== undefined) await sleep(pause);
  }
}

/**
 * One round. A container is taken off crowded networks and then removed, a network goes with its last member: Docker is slower with
 * networks, and need not do them all at the end. Resolves to why what is left is left.
 */
async function removeThings(connection: Connection, left: readonly Thing[]): Promise<string[]> {
  const kept = (kind: Thing['kind']): Thing[] => left.filter((thing) => thing.kind === kind);
  const containers = kept('container');
  const troubles: string[] = [];
  const remove = async (thing: Thing): Promise<boolean> => {
    const trouble = await removeThing(connection, thing);
    if (trouble !== undefined) troubles.push(trouble);
    return trouble === undefined;
  };
  const memberships = await atMost(atOnce).map(kept('network'), (network) => readMembership(connection, network));
  const gone = async ({ members, network }: Membership, member: string): Promise<void> => {
    members.delete(member);
    if (members.size === 0) await remove({ kind: 'network', ...network });
  };
  const leave = async (membership: Membership, member: string): Promise<void> => {
    await takeOff(connection, membership, member);
    await gone(membership, member);
  };
  const removeContainer = async (container: Thing): Promise<void> => {
    const joined = memberships.filter(({ members }) => members.has(container.ref));
    for (const membership of joined.filter(({ crowded }) => crowded)) await leave(membership, container.ref);
    const rest = joined.filter(({ crowded }) => !crowded);
    if (await leaveTogether(rest, () => remove(container))) for (const membership of rest) await gone(membership, container.ref);
  };
  const leaveAll = async (membership: Membership): Promise<void> => {
    for (const member of [...membership.members.keys()]) await leave(membership, member);
  };
  // said now: a network that is emptied in this round goes with its last member
  const empty = memberships.filter(({ members }) => members.size === 0).map(({ network }): Thing => ({ kind: 'network', ...network }));
  // When containers are gone, whoever is still on a network is an endpoint that Docker lost.
  const [haunted, volumes] = containers.length > 0 ? [[], []] : [memberships, kept('volume')];
  const acts: (() => Promise<unknown>)[] = [
    ...containers.map((container) => () => removeContainer(container)),
    ...haunted.map((membership) => () => leaveAll(membership)),
    ...[...empty, ...volumes].map((thing) => () => remove(thing)),
  ];
  await atMost(atOnce).map(acts, (act) => act());
  return troubles;
}

async function listThings(connection: Connection, lab: LabName): Promise<Thing[]> {
  const [containers, networks, volumes] = await Promise.all([
    listContainers(connection, lab),
    listNetworks(connection, lab),
    listVolumes(connection, lab),
  ]);
  return [
    ...containers.map(({ id, name }) => ({ kind: 'container' as const, ref: id, name })),
    ...networks.map(({ id, name }) => ({ kind: 'network' as const, ref: id, name })),
    ...volumes,
  ];
}

/** Undefined when it is gone, else Docker's reason why it is not. */
async function removeThing(connection: Connection, { kind, ref, name }: Thing): Promise<string | undefined> {
  return ask(connection, `remove ${kind} ${name}`, async () => {
    try {
      // Killed, not stopped: nothing in a lab is worth the ten seconds.
      if (kind === 'container') await connection.docker.getContainer(ref).remove({ force: true, v: true });
      if (kind === 'network') await connection.docker.getNetwork(ref).remove();
      if (kind === 'volume') await connection.docker.getVolume(ref).remove();
      return undefined;
    } catch (error) {
      const status = statusOf(error);
      if (status === undefined) throw error;
      if (status === 404) return undefined;
      return messageOf(error);
    }
  });
}

type Leftover = { lab: LabName; left: readonly Thing[]; trouble: string | undefined; limitSeconds: number };

function somethingLeft({ lab, left, trouble = '', limitSeconds }: Leftover): LabError {
  const names = left.map(({ kind, name, ref }) => `${kind} ${name} (${ref.slice(0, 12)})`).join(', ');
  return new LabError('ENGINE001', `lab "${lab}" could not be removed as a whole`, {
    step: `remove lab ${lab}`,
    condition: 'nothing with the label of the lab is left',
    limitSeconds,
    lastObservation: trouble,
    left: names,
    cleanup: `edgelab down ${lab}`,
  });
}
