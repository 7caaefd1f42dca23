/** The one interface through which edgelab touches containers; `docker/` and `fake/` implement it and pass one contract suite. */
import type { ContainerSpec, NetworkSpec } from '../model/plan.ts';

/** Name of a lab; all that is the lab's carries it as a label. */
export type LabName = string;

/** What the engine says of itself and its machine. */
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
  /** Networks of the engine, other than labs', whose traffic it translates on its way out: name and IPv4 subnet. */
  masqueraded: { network: string; subnet: string }[];
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
  /** Name in the lab (node, router, segment; a volume has that of its container). */
  name: string;
  /** Name or id in the engine. */
  ref: string;
  lab: LabName;
  planHash: string;
  topology: string;
  role?: string;
  site?: string;
  /** Of containers. */
  state?: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  /** Milliseconds since the epoch; of containers that were started at least once. */
  startedAt?: number;
};

/** A container that runs: per network the address Docker gave it, by which its interface is found (never by order). */
export type RunningContainer = { name: string; ref: string; dockerAddresses: Record<string, string> };

/**
 * Shell text that a container's first process runs at its first start, before it becomes one that waits for ever: a command of its own would cost an
 * engine a third of the start. Text, input and each variable are words of the first process, which Linux takes up to 131,071 bytes of
 * (MAX_ARG_STRLEN).
 */
export type FirstScript = {
  text: string;
  env: Record<string, string>;
  stdin?: string;
  /** As in ExecOptions. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
};

/** What a container is made from. */
export type Making = {
  /** Reference in the engine. */
  image: string;
  /** Mounted where the container's spec says `store`. */
  storeVolume?: string | undefined;
  /** Only with privilege `router`. Gets the subnet by which each of the container's networks is carried: Docker's addresses are of it. */
  first?: (carriers: Readonly<Record<string, string>>) => FirstScript;
};

/** `first`: what the first script gave, if this call ran it. After another code than 0 the container has ended. */
export type EnsuredContainer = RunningContainer & { first?: ExecResult };

/** A file to be put into a container. `path` is absolute; text is written as UTF-8. */
export type EngineFile = { path: string; mode: number; content: string | Uint8Array };

/** How a command is run in a container. */
export type ExecOptions = {
  env?: Record<string, string>;
  stdin?: string | Uint8Array;
  /** When it aborts, the process and its children inside the container are ended and the call rejects with the signal's reason. */
  signal?: AbortSignal;
  /** After this the process and its children inside the container are ended and the result has `timedOut` and code 124. */
  timeoutSeconds?: number;
  /** Called for each complete line of stdout and stderr while it runs, without its line end. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Takes stdout as bytes while it comes; the result's stdout is then empty and `onLine` hears of stderr only. */
  onBytes?: (bytes: Uint8Array) => void;
};

/**
 * Never thrown for a non-zero exit: callers decide what that means. Codes are a shell's: 127 for a program that is not
 * there, 128 + n for one that signal n ended. A background process the command leaves must have its outputs redirected:
 * the result may wait for them (Docker: 2 s), and what it prints later is lost, or may be taken for a later command's.
 */
export type ExecResult = { code: number; stdout: string; stderr: string; seconds: number; timedOut: boolean };

/** `tail`: how many of the last lines; `follow`: go on with those to come. */
export type LogOptions = { follow?: boolean; tail?: number; signal?: AbortSignal };

/**
 * Failures are LabErrors: HOST001 (the engine does not answer), ENGINE001 (it refused), ENGINE002 (no subnet left),
 * ENGINE003 (no such container); "could not ask" is never "absent". A call whose signal aborts rejects with the
 * signal's reason, after any request already sent has ended, so that a following `remove` sees all there is.
 */
export interface Engine {
  facts(signal?: AbortSignal): Promise<EngineFacts>;
  /** Creates the segment in L2 mode unless the lab already has it. */
  ensureNetwork(owner: Ownership, spec: NetworkSpec, signal?: AbortSignal): Promise<void>;
  /**
   * Creates and starts the container, attached to all its networks before its first process runs, unless it already runs.
   * One that is found ended, paused or made from another plan is an error: it is not the container that was asked for.
   * Resolves when its first script has ended.
   */
  ensureContainer(owner: Ownership, spec: ContainerSpec, making: Making, signal?: AbortSignal): Promise<EnsuredContainer>;
  /** The running container with its addresses as they are now (a restart may change Docker's). */
  inspect(lab: LabName, container: string): Promise<RunningContainer>;
  exec(lab: LabName, container: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Writes files (parents are made) into a running container. */
  writeFiles(lab: LabName, container: string, files: readonly EngineFile[], signal?: AbortSignal): Promise<void>;
  /** Lines of the container's log (its first process), newest last. */
  logs(lab: LabName, container: string, options?: LogOptions): AsyncIterable<string>;
  power(lab: LabName, container: string, to: 'start' | 'stop' | 'kill' | 'pause' | 'unpause'): Promise<void>;
  /** Current memory of the container in bytes (working set, without page cache), for `ps` and benchmarks. */
  memory(lab: LabName, container: string): Promise<number>;
  /** argv of the engine's own client for an interactive session: `docker exec -i[t] <ref>`; the command follows it. */
  interactive(lab: LabName, container: string, tty: boolean): Promise<string[]>;
  /** All that is the lab's, sorted by kind and name; empty when there is no such lab. */
  list(lab: LabName): Promise<Owned[]>;
  /** The same over all labs. */
  labs(): Promise<Owned[]>;
  /** Removes containers (with their anonymous volumes), then networks, of that lab only; twice is fine. Returns counts. */
  remove(lab: LabName, signal?: AbortSignal): Promise<{ containers: number; networks: number; volumes: number }>;
}
