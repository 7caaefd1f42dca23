/** The engine on Docker: one line per call; each resource has its own file. */
import { homedir } from 'node:os';
import type { ContainerSpec, NetworkSpec } from '../../model/plan.ts';
import type {
  Engine,
  EnsuredContainer,
  Making,
  EngineFacts,
  EngineFile,
  ExecOptions,
  ExecResult,
  LabName,
  LogOptions,
  Owned,
  Ownership,
  RunningContainer,
} from '../engine.ts';
import { openConnection, type Connection } from './connection.ts';
import {
  containerAsOwned,
  ensureContainer,
  findContainer,
  findRunning,
  inspectRunning,
  listContainers,
  powerContainer,
} from './containers.ts';
import { findEndpoint, type Environment } from './endpoint.ts';
import { runExec } from './exec.ts';
import { readFacts } from './facts.ts';
import { writeFiles } from './files.ts';
import { followLog, readLog } from './logs.ts';
import { readMemory } from './memory.ts';
import { ensureNetwork, listNetworks, networkAsOwned } from './networks.ts';
import { dockerName } from './labels.ts';
import { removeLab } from './remove.ts';
import { makeShells, type Shells } from './shells.ts';
import { listVolumes } from './volumes.ts';

/** Connects as the Docker command line would: DOCKER_HOST, else its current context, else the default socket. Asks nothing yet. */
export async function connectDocker(environment: Environment, home: string = homedir()): Promise<Engine> {
  return new DockerEngine(openConnection(await findEndpoint(environment, home), environment));
}

class DockerEngine implements Engine {
  readonly #connection: Connection;
  readonly #shells: Shells = makeShells();
  #sysResource: Promise<boolean> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  facts(signal?: AbortSignal): Promise<EngineFacts> {
    return readFacts(this.#connection, signal);
  }

  ensureNetwork(owner: Ownership, spec: NetworkSpec, signal?: AbortSignal): Promise<void> {
    return ensureNetwork(this.#connection, owner, spec, signal);
  }

  async ensureContainer(owner: Ownership, spec: ContainerSpec, making: Making, signal?: AbortSignal): Promise<EnsuredContainer> {
    signal?.throwIfAborted();
    const sysResource = spec.privilege === 'node' && (await this.#hasSysResource());
    return ensureContainer(this.#connection, { owner, spec, ...making, sysResource }, signal);
  }

  async inspect(lab: LabName, container: string): Promise<RunningContainer> {
    return inspectRunning(this.#connection, await findRunning(this.#connection, lab, container));
  }

  async exec(lab: LabName, container: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult> {
    return runExec(this.#connection, this.#shells, { lab, name: container }, argv, options);
  }

  async writeFiles(lab: LabName, container: string, files: readonly EngineFile[], signal?: AbortSignal): Promise<void> {
    return writeFiles(this.#connection, { lab, name: container }, files, signal);
  }

  async *logs(lab: LabName, container: string, options: LogOptions = {}): AsyncIterable<string> {
    options.signal?.throwIfAborted();
    const { id } = await findContainer(this.#connection, lab, container);
    yield* options.follow ? followLog(this.#connection, id, options) : await readLog(this.#connection, id, options.tail);
  }

  power(lab: LabName, container: string, to: 'start' | 'stop' | 'kill' | 'pause' | 'unpause'): Promise<void> {
    this.#shells.close(dockerName(lab, container));
    return powerContainer(this.#connection, lab, container, to);
  }

  async memory(lab: LabName, container: string): Promise<number> {
    this.#shells.close(dockerName(lab, container));
    const { id } = await findRunning(this.#connection, lab, container);
    return readMemory(this.#connection, lab, container, id);
  }

  /** The command line finds the same engine from the same environment. */
  async interactive(lab: LabName, container: string, tty: boolean): Promise<string[]> {
    const { id } = await findRunning(this.#connection, lab, container);
    return ['docker', 'exec', tty ? '-it' : '-i', id];
  }

  list(lab: LabName): Promise<Owned[]> {
    return this.#listOwned(lab);
  }

  labs(): Promise<Owned[]> {
    return this.#listOwned();
  }

  remove(lab: LabName, signal?: AbortSignal): Promise<{ containers: number; networks: number; volumes: number }> {
    return removeLab(this.#connection, lab, signal);
  }

  async #listOwned(lab?: LabName): Promise<Owned[]> {
    const [containers, networks, volumes] = await Promise.all([
      listContainers(this.#connection, lab).then((found) => Promise.all(found.map((each) => containerAsOwned(this.#connection, each)))),
      listNetworks(this.#connection, lab),
      listVolumes(this.#connection, lab),
    ]);
    const owned = [...containers.filter((each) => each !== undefined), ...networks.map(networkAsOwned), ...volumes];
    return owned.sort((a, b) => sortKey(a).localeCompare(sortKey(b)));
  }

  /** Asked once: where it cannot be found out, the way that works everywhere is taken. */
  #hasSysResource(): Promise<boolean> {
    this.#sysResource ??= readFacts(this.#connection).then(({ sysResource }) => sysResource === true);
    this.#sysResource.catch(() => (this.#sysResource = undefined));
    return this.#sysResource;
  }
}

function sortKey({ lab, kind, name, ref }: Owned): string {
  return `${lab} ${kind} ${name} ${ref}`;
}
