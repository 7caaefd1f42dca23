/** Containers of a lab: finding them by label, making them, and turning them on and off. */
import type { ContainerCreateOptions, ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { LabError } from '../../lib/lab-error.ts';
import type { ContainerSpec } from '../../model/plan.ts';
import { noSuchContainer, notRunning, otherPlan, tailOf } from '../errors.ts';
import type { EnsuredContainer, FirstScript, LabName, Making, Owned, Ownership, RunningContainer } from '../engine.ts';
import { ask, messageOf, statusOf, type Connection } from './connection.ts';
import { firstCommand, watchFirst } from './first-script.ts';
import { makeHostConfig } from './host-config.ts';
import { dockerName, labelFilter, readLabels, writeLabels, type Labelled } from './labels.ts';
import { readLog } from './logs.ts';
import { listNetworks, type FoundNetwork } from './networks.ts';

/** A container of a lab as its labels and Docker's list describe it; `id` is Docker's. */
type FoundContainer = Labelled & { id: string; state: NonNullable<Owned['state']> };

/** In any state; of one lab, or of all labs. `name` is the one in the lab. */
export async function listContainers(connection: Connection, lab?: LabName, name?: string): Promise<FoundContainer[]> {
  const found = await ask(connection, 'list containers', () =>
    connection.docker.listContainers({ all: true, filters: labelFilter(lab, name) }),
  );
  return found.flatMap(asFound);
}

function asFound({ Id: id, State, Labels }: ContainerInfo): FoundContainer[] {
  const labelled = readLabels(Labels);
  return labelled ? [{ ...labelled, id, state: State as FoundContainer['state'] }] : [];
}

/** ENGINE003, with the names there are, when the lab has no such container. */
export async function findContainer(connection: Connection, lab: LabName, name: string): Promise<FoundContainer> {
  const [found] = await listContainers(connection, lab, name);
  if (found) return found;
  const known = (await listContainers(connection, lab)).map((each) => each.name);
  throw noSuchContainer(lab, name, known);
}

/** ENGINE003, or ENGINE001 with the end of its log when it does not run. */
export async function findRunning(connection: Connection, lab: LabName, name: string): Promise<FoundContainer> {
  const found = await findContainer(connection, lab, name);
  if (found.state !== 'running') throw await describeDead(connection, found);
  return found;
}

async function describeDead(connection: Connection, { lab, name, id, state }: FoundContainer): Promise<LabError> {
  const log = await readLog(connection, id, 20).catch(() => []);
  return notRunning(lab, name, state, tailOf(log.join('\n')));
}

/** `sysResource`: the daemon has that capability. */
type ContainerRequest = Making & { owner: Ownership; spec: ContainerSpec; sysResource: boolean };

/** Every request already sent is waited for, so that what was begun is there to be removed after an abort. */
export async function ensureContainer(connection: Connection, request: ContainerRequest, signal?: AbortSignal): Promise<EnsuredContainer> {
  const { owner, spec } = request;
  signal?.throwIfAborted();
  const [found] = await listContainers(connection, owner.lab, spec.name);
  if (found && found.planHash !== owner.planHash) throw otherPlan(owner.lab, 'container', spec.name, found.planHash, owner.planHash);
  if (found?.state === 'running') return inspectRunning(connection, found);
  // `created` is what an interrupted `up` leaves: it never ran, so it can still become what was asked for.
  if (found && found.state !== 'created') throw await describeDead(connection, found);

  const networks = await findNetworks(connection, owner.lab, spec);
  const first = request.first?.(Object.fromEntries(networks.map(({ name, carrier }) => [name, carrier])));
  signal?.throwIfAborted();
  const id = found?.id ?? (await createContainer(connection, request, first, networks[0]?.id));
  const connected = found ? await listConnected(connection, id, spec.name) : new Set<string>();
  // The first came with the creation; before the start Docker may not yet name it by its id.
  for (const network of networks.slice(1).filter((each) => !connected.has(each.id))) {
    signal?.throwIfAborted();
    await ask(connection, `connect container ${spec.name} to network ${network.name}`, () =>
      connection.docker.getNetwork(network.id).connect({ Container: id }),
    );
  }
  signal?.throwIfAborted();
  const container = connection.docker.getContainer(id);
  const watched = first && (await ask(connection, `watch container ${spec.name}`, () => watchFirst(container, first, signal)));
  try {
    await ask(connection, `start container ${spec.name}`, () => container.start());
  } catch (error) {
    watched?.stop();
    throw error;
  }
  const result = watched && (await ask(connection, `read the output of container ${spec.name}`, () => watched.ended));
  signal?.throwIfAborted();
  const running = readAddresses(await inspectContainer(connection, id, spec.name), spec.name, networks);
  return result ? { ...running, first: result } : running;
}

/** The container's networks, in the order of its interfaces. */
async function findNetworks(connection: Connection, lab: LabName, spec: ContainerSpec): Promise<FoundNetwork[]> {
  const known = new Map((await listNetworks(connection, lab)).map((network) => [network.name, network]));
  return [...new Set(spec.interfaces.map(({ network }) => network))].map((name) => {
    const network = known.get(name);
    if (network !== undefined) return network;
    throw new LabError('ENGINE001', `lab "${lab}" has no network "${name}"`, { step: `create container ${spec.name}` });
  });
}

async function createContainer(
  connection: Connection,
  request: ContainerRequest,
  first: FirstScript | undefined,
  network = 'none',
): Promise<string> {
  const options = containerOptions(request, first, network);
  return ask(connection, `create container ${request.spec.name} from image ${request.image}`, async () => {
    try {
      return (await connection.docker.createContainer(options)).id;
    } catch (error) {
      // Docker 28 refuses to drop a capability that it does not have itself, and leaves it out of "ALL"; 20.10 does neither.
      if (!messageOf(error).includes('invalid CapDrop')) throw error;
      return (await connection.docker.createContainer({ ...options, HostConfig: { ...options.HostConfig, CapDrop: [] } })).id;
    }
  });
}

/** Engines before 25 take one network at creation; the others are connected before the start. */
function containerOptions(
  { owner, spec, image, storeVolume, sysResource }: ContainerRequest,
  first: FirstScript | undefined,
  network: string,
): ContainerCreateOptions {
  const { name, role, site, privilege } = spec;
  return {
    name: dockerName(owner.lab, name),
    Image: image,
    ...(first && { Cmd: firstCommand(first) }),
    Hostname: spec.hostname,
    Labels: writeLabels(owner, 'container', name, { role, ...(site !== undefined && { site }) }),
    // systemd powers off on SIGTERM only when told so by this signal of its own.
    ...(privilege === 'node' && { StopSignal: 'SIGRTMIN+3' }),
    HostConfig: {
      ...makeHostConfig({ owner, name, privilege, sysResource, storeVolume: spec.store ? storeVolume : undefined }),
      NetworkMode: network,
    },
  };
}

/** Docker's ids of the networks a container is on. */
async function listConnected(connection: Connection, id: string, name: string): Promise<Set<string>> {
  const { NetworkSettings: settings } = await inspectContainer(connection, id, name);
  return new Set(Object.values(settings.Networks).map(({ NetworkID }) => NetworkID));
}

function inspectContainer(connection: Connection, id: string, name: string): Promise<ContainerInspectInfo> {
  return ask(connection, `inspect container ${name}`, () => connection.docker.getContainer(id).inspect());
}

/** A running container with its addresses as they are now. */
export async function inspectRunning(connection: Connection, { lab, name, id }: FoundContainer): Promise<RunningContainer> {
  const [details, networks] = await Promise.all([inspectContainer(connection, id, name), listNetworks(connection, lab)]);
  return readAddresses(details, name, networks);
}

/** Docker's address on each of these networks, by the name of the network in the lab. */
function readAddresses(
  { Id: ref, NetworkSettings: settings }: ContainerInspectInfo,
  name: string,
  networks: readonly FoundNetwork[],
): RunningContainer {
  const names = new Map(networks.map((network) => [network.id, network.name]));
  const dockerAddresses: Record<string, string> = {};
  for (const { NetworkID, IPAddress } of Object.values(settings.Networks)) {
    const network = names.get(NetworkID);
    if (network !== undefined) dockerAddresses[network] = IPAddress;
  }
  return { name, ref, dockerAddresses };
}

/** To start what runs, or stop what does not, is no error. `kill` returns when nothing of the container runs any more. */
export async function powerContainer(
  connection: Connection,
  lab: LabName,
  name: string,
  to: 'start' | 'stop' | 'kill' | 'pause' | 'unpause',
): Promise<void> {
  const { id } = await findContainer(connection, lab, name);
  const container = connection.docker.getContainer(id);
  const acts = {
    start: () => container.start(),
    stop: () => container.stop(),
    kill: () => container.kill(),
    pause: () => container.pause(),
    unpause: () => container.unpause(),
  };
  await ask(connection, `${to} container ${name}`, async () => {
    try {
      await acts[to]();
    } catch (error) {
      // 304: it is already so.
      if (statusOf(error) !== 304) throw error;
    }
    if (to === 'kill') await container.wait({ condition: 'not-running' });
  });
}

/** What `ps` and the executor want to know about one container; undefined when it is gone in the meantime. */
export async function containerAsOwned(connection: Connection, { id, ...rest }: FoundContainer): Promise<Owned | undefined> {
  const owned: Owned = { kind: 'container', ref: id, ...rest };
  return ask(connection, `inspect container ${rest.name}`, async () => {
    try {
      const started = Date.parse((await connection.docker.getContainer(id).inspect()).State.StartedAt);
      // Docker writes the year 1 for "never".
      return started > 0 ? { ...owned, startedAt: started } : owned;
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw new Error(messageOf(error), { cause: error });
    }
  });
}
