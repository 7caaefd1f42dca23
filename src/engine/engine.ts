/** The one interface through which edgelab touches containers; `docker/` and `fake/` implement it and pass one contract suite. */
import type { ContainerSpec, NetworkSpec } from '../model/plan.ts';

export type LabName = string;

export type EngineFacts = {
  /** `Docker 20.10.24`. */
  name: string;
  version: string;
  apiVersion: string;
  os: string;
  kernel: string;
  cpus: number;
  memoryBytes: number;
  cgroupVersion: 1 | 2;
  storageDriver: string;
  rootDir: string;
  /** False where the daemon lacks CAP_SYS_RESOURCE, so `--privileged` and raised limits fail (null: could not be found out). */
  sysResource: boolean | null;
};

/** Who owns a thing: written as labels, which are the only state edgelab keeps. */
export type Ownership = {
  lab: LabName;
  /** Hash of the plan the thing was made from. */
  planHash: string;
  /** Absolute path of the topology file, for people. */
  topology: string;
};

/** A thing of a lab as found in the engine. */
export type Owned = {
  kind: 'container' | 'network' | 'volume';
  /** Name in the lab (node, router, segment). */
  name: string;
  /** Name or id in the engine. */
  ref: string;
  lab: LabName;
  planHash: string;
  topology: string;
  role?: string;
  site?: string;
  state?: 'created' | 'running' | 'paused' | 'exited' | 'dead' | string;
  startedAt?: number;
};

/** A container that runs: per network the address Docker gave it, by which its interface is found (never by order). */
export type RunningContainer = { name: string; ref: string; dockerAddresses: Record<string, string> };

export type ExecOptions = {
  env?: Record<string, string>;
  stdin?: string;
  signal?: AbortSignal;
  /** After this the process inside the container is ended and the result has `timedOut`. */
  timeoutSeconds?: number;
  /** Called for each complete line of stdout and stderr while it runs. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
};

/** Never thrown for a non-zero exit: callers decide what that means. */
export type ExecResult = { code: number; stdout: string; stderr: string; seconds: number; timedOut: boolean };

/** Everything but `signal`-carrying calls throws LabError ENGINE… codes; "could not ask" is never "absent". */
export interface Engine {
  facts(signal?: AbortSignal): Promise<EngineFacts>;
  /** Creates the segment in L2 mode unless the lab already has it. */
  ensureNetwork(owner: Ownership, spec: NetworkSpec, signal?: AbortSignal): Promise<void>;
  /** Creates and starts the container, attached to all its networks before its first process runs, unless it already runs. */
  ensureContainer(owner: Ownership, spec: ContainerSpec, image: string, storeVolume: string | undefined, signal?: AbortSignal): Promise<RunningContainer>;
  exec(lab: LabName, container: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Writes files (parents are made) into a running container. */
  writeFiles(lab: LabName, container: string, files: readonly { path: string; mode: number; content: string | Uint8Array }[], signal?: AbortSignal): Promise<void>;
  /** Container log (its first process), newest last. */
  logs(lab: LabName, container: string, options?: { follow?: boolean; tail?: number; signal?: AbortSignal }): AsyncIterable<string>;
  power(lab: LabName, container: string, to: 'start' | 'stop' | 'kill' | 'pause' | 'unpause'): Promise<void>;
  /** Current memory of the container in bytes (working set, without page cache), for `ps` and benchmarks. */
  memory(lab: LabName, container: string): Promise<number>;
  /** argv prefix of the engine's own client for an interactive session: `docker exec -it <ref>`. */
  interactive(lab: LabName, container: string, tty: boolean): Promise<string[]>;
  list(lab: LabName): Promise<Owned[]>;
  labs(): Promise<Owned[]>;
  /** Removes containers (with their anonymous volumes), then networks, of that lab only; twice is fine. Returns counts. */
  remove(lab: LabName, signal?: AbortSignal): Promise<{ containers: number; networks: number; volumes: number }>;
}
