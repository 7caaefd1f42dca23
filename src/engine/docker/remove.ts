/** Taking a lab away: its containers, then its networks and volumes, and looking whether anything is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost } from '../../lib/at-most.ts';
import { LabError } from '../../lib/lab-error.ts';
import type { LabName, Owned } from '../engine.ts';
import { listContainers } from './containers.ts';
import { ask, messageOf, statusOf, type Connection } from './connection.ts';
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

    const containers = left.filter(({ kind }) => kind === 'container');
    const networks = left.filter(({ kind }) => kind === 'network');
    // when containers are gone, whoever is still on a network is an endpoint that Docker lost
    const few = containers.length > 0 ? fewMembers : 0;
    const members = await atMost(atOnce).map(networks, async ({ ref, name }) => new Set(await leaveFew(connection, { ref, name, few })));
    const inTurn = turnsOf(members);
    const remove = async (thing: Thing): Promise<string | undefined> => {
      const failed = await inTurn(thing.ref, () => removeThing(connection, thing));
      if (failed !== undefined) return failed;
      // a network goes with the last container on it: Docker is slower with networks, and need not do them all at the end
      const empty = networks.filter((_, index) => members[index]!.delete(thing.ref) && members[index]!.size === 0);
      return (await Promise.all(empty.map((network) => removeThing(connection, network)))).find((each) => each !== undefined);
    };
    const free = networks.filter((_, index) => members[index]!.size === 0);
    const volumes = containers.length > 0 ? [] : left.filter(({ kind }) => kind === 'volume');
    const troubles = await atMost(atOnce).map([...containers, ...free, ...volumes], remove);
    tried = true;
    trouble = troubles.find((each) => each !== undefined);
    if (trouble !== undefined) await sleep(pause);
  }
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

/** Up to so many members of a network are removed in turn; more are taken off it before, which is quicker than to remove them. */
const fewMembers = 2;

/**
 * Takes everyone off a network of more than a few members, one after another, and resolves to who is still on it. Docker
 * counts a network's endpoints, and of two that go in the same millisecond it may count only one (`atomicIncDecEpCnt` of
 * libnetwork in Docker 20.10: what the second took off is overwritten when the first reads the count anew). The network
 * then has "active endpoints" until the engine starts again. So no two endpoints of one network ever go together.
 */
async function leaveFew(connection: Connection, { ref, name, few }: { ref: string; name: string; few: number }): Promise<string[]> {
  const network = connection.docker.getNetwork(ref);
  return ask(connection, `detach all from network ${name}`, async () => {
    try {
      const { Containers: members = {} } = (await network.inspect()) as { Containers?: Record<string, { Name: string }> };
      const ids = Object.keys(members);
      if (ids.length <= few) return ids;
      for (const { Name } of Object.values(members)) await network.disconnect({ Container: Name, Force: true }).catch(unlessRefused);
    } catch (error) {
      unlessRefused(error);
    }
    return [];
  });
}

/** Removes a container when no other one of its networks is being removed. Turns are taken in the order of the networks, so none waits in a circle. */
function turnsOf(networks: readonly ReadonlySet<string>[]): <T>(container: string, remove: () => Promise<T>) => Promise<T> {
  const turns = networks.map((members) => ({ members, take: atMost(1) }));
  return (container, remove) =>
    turns
      .filter(({ members }) => members.has(container))
      .reduceRight(
        (next, { take }) =>
          () =>
            take(next),
        remove,
      )();
}

/** A refusal is no trouble here: who or what was to go has gone meanwhile, or the removal will say what is wrong. */
function unlessRefused(error: unknown): void {
  if (statusOf(error) === undefined) throw error;
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
