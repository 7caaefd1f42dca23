/** An engine in memory with a fake clock, for tests: scripted commands, faults on request, every call recorded. */
import { LabError } from '../../lib/lab-error.ts';
import type { ContainerSpec, NetworkSpec } from '../../model/plan.ts';
import { notRunning, otherPlan } from '../errors.ts';
import type {
  Engine,
  EnsuredContainer,
  EngineFacts,
  EngineFile,
  ExecOptions,
  ExecResult,
  LabName,
  LogOptions,
  Making,
  Owned,
  Ownership,
  RunningContainer,
} from '../engine.ts';
import { runExec } from './exec.ts';
import { FakeClock } from './fake-clock.ts';
import { Faults, type Call, type Method, type Which } from './faults.ts';
import { ExecScript, type CommandMatcher, type ContainerMatcher, type Then } from './script.ts';
import { FakeWorld, type FakeContainer } from './world.ts';

const usualFacts: EngineFacts = {
  name: 'Fake 1.0', version: '1.0', apiVersion: '1.41', os: 'no system', kernel: '6.1.0', cpus: 2, memoryBytes: 16 * 1024 ** 3,
  cgroupVersion: 2, storageDriver: 'overlay2', rootDir: '/nowhere', sysResource: true, masqueraded: [],
}; // prettier-ignore

/** Commands that no `when` speaks of succeed without output and in no time. */
export class FakeEngine implements Engine {
  readonly clock: FakeClock;
  readonly #world = new FakeWorld();
  readonly #script = new ExecScript();
  readonly #faults: Faults;
  readonly #facts: EngineFacts;

  constructor(options: { clock?: FakeClock; facts?: Partial<EngineFacts> } = {}) {
    this.clock = options.clock ?? new FakeClock();
    this.#faults = new Faults(this.clock);
    this.#facts = { ...usualFacts, ...options.facts };
  }

  /** Says what a command gives: `when('cloud', 'kubeadm init').answers({ stdout: 'ok\n', takes: 7 })`; `*` is every container. */
  when(container: ContainerMatcher, command: CommandMatcher): Then {
    return this.#script.when(container, command);
  }

  /** Makes calls of a method fail: `failOn('ensureContainer', { nth: 2 })`. */
  failOn(method: Method, which: Which = {}, error: Error = new LabError('ENGINE001', `${method} was made to fail`)): void {
    this.#faults.add(method, which, { fail: error });
  }

  /** Makes calls of a method wait for their signal's abort. */
  hangOn(method: Method, which: Which = {}): void {
    this.#faults.add(method, which, { takes: 'forever' });
  }

  /** Makes calls of a method take seconds of the fake clock. */
  slowOn(method: Method, seconds: number, which: Which = {}): void {
    this.#faults.add(method, which, { takes: seconds });
  }

  /** All calls so far, in order. */
  get calls(): readonly Call[] {
    return this.#faults.calls;
  }

  /** The commands run so far in one container, each as one text. */
  commands(container: string): string[] {
    return this.calls.filter((call) => call.method === 'exec' && call.name === container).map((call) => (call.argv ?? []).join(' '));
  }

  /** A file as it was written, or undefined. */
  file(lab: LabName, container: string, path: string): { mode: number; content: string } | undefined {
    return this.#world.existing(lab, container).files.get(path);
  }

  /** The container as it was asked for, with its image. */
  container(lab: LabName, name: string): Readonly<Pick<FakeContainer, 'spec' | 'image' | 'storeVolume' | 'state'>> {
    return this.#world.existing(lab, name);
  }

  /** Lets a container's log grow, or its first process end by itself. */
  log(lab: LabName, container: string, line: string): void {
    this.#world.existing(lab, container).log.push(line);
  }
  crash(lab: LabName, container: string): void {
    this.#world.existing(lab, container).state = 'exited';
  }

  async facts(signal?: AbortSignal): Promise<EngineFacts> {
    await this.#faults.meet({ method: 'facts' }, signal);
    return { ...this.#facts };
  }

  async ensureNetwork(owner: Ownership, spec: NetworkSpec, signal?: AbortSignal): Promise<void> {
    await this.#faults.meet({ method: 'ensureNetwork', lab: owner.lab, name: spec.name }, signal);
    const found = this.#world.network(owner.lab, spec.name);
    if (found && found.owner.planHash !== owner.planHash)
      throw otherPlan(owner.lab, 'network', spec.name, found.owner.planHash, owner.planHash);
    if (!found) this.#world.networks.push({ owner, name: spec.name, id: this.#world.nextId(), nextHost: 2 });
  }

  async ensureContainer(owner: Ownership, spec: ContainerSpec, making: Making, signal?: AbortSignal): Promise<EnsuredContainer> {
    await this.#faults.meet({ method: 'ensureContainer', lab: owner.lab, name: spec.name }, signal);
    const found = this.#world.container(owner.lab, spec.name);
    if (found && found.owner.planHash !== owner.planHash)
      throw otherPlan(owner.lab, 'container', spec.name, found.owner.planHash, owner.planHash);
    if (found && found.state !== 'running') throw notRunning(owner.lab, spec.name, found.state);
    if (found) return asRunning(found);
    const made = this.#create(owner, spec, making);
    const { first: makeFirst } = making;
    if (!makeFirst) return asRunning(made);
    const { text, ...options } = makeFirst(this.#world.carriers(owner.lab));
    const argv = ['/bin/sh', '-c', text];
    const shared = { script: this.#script, clock: this.clock, lab: owner.lab, container: spec.name };
    const first = await runExec({ ...shared, argv, options: { ...options, ...(signal && { signal }) } });
    if (first.code !== 0) made.state = 'exited';
    return { ...asRunning(made), first };
  }

  async inspect(lab: LabName, container: string): Promise<RunningContainer> {
    await this.#faults.meet({ method: 'inspect', lab, name: container });
    return asRunning(this.#world.running(lab, container));
  }

  async exec(lab: LabName, container: string, argv: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    await this.#faults.meet({ method: 'exec', lab, name: container, argv }, options.signal);
    this.#world.running(lab, container);
    return runExec({ script: this.#script, clock: this.clock, lab, container, argv, options });
  }

  async writeFiles(lab: LabName, container: string, files: readonly EngineFile[], signal?: AbortSignal): Promise<void> {
    await this.#faults.meet({ method: 'writeFiles', lab, name: container }, signal);
    const to = this.#world.running(lab, container).files;
    for (const { path, mode, content } of files)
      to.set(path, { mode, content: typeof content === 'string' ? content : new TextDecoder().decode(content) });
  }

  async *logs(lab: LabName, container: string, options: LogOptions = {}): AsyncIterable<string> {
    await this.#faults.meet({ method: 'logs', lab, name: container }, options.signal);
    const { log } = this.#world.existing(lab, container);
    yield* options.tail === undefined ? log : log.slice(Math.max(0, log.length - options.tail));
  }

  async power(lab: LabName, container: string, to: 'start' | 'stop' | 'kill' | 'pause' | 'unpause'): Promise<void> {
    await this.#faults.meet({ method: 'power', lab, name: container });
    const found = this.#world.existing(lab, container);
    if (to === 'kill' || to === 'pause') this.#world.running(lab, container);
    found.state = to === 'start' || to === 'unpause' ? 'running' : to === 'pause' ? 'paused' : 'exited';
    if (to === 'start') found.startedAt = this.clock.now();
  }

  async memory(lab: LabName, container: string): Promise<number> {
    await this.#faults.meet({ method: 'memory', lab, name: container });
    this.#world.running(lab, container);
    return 100 * 1024 ** 2;
  }

  async interactive(lab: LabName, container: string, tty: boolean): Promise<string[]> {
    await this.#faults.meet({ method: 'interactive', lab, name: container });
    return ['fake', 'exec', tty ? '-it' : '-i', this.#world.running(lab, container).ref];
  }

  async list(lab: LabName): Promise<Owned[]> {
    await this.#faults.meet({ method: 'list', lab });
    return this.#world.owned(lab);
  }

  async labs(): Promise<Owned[]> {
    await this.#faults.meet({ method: 'labs' });
    return this.#world.owned();
  }

  async remove(lab: LabName, signal?: AbortSignal): Promise<{ containers: number; networks: number; volumes: number }> {
    await this.#faults.meet({ method: 'remove', lab }, signal);
    return this.#world.remove(lab);
  }

  #create(owner: Ownership, spec: ContainerSpec, { image, storeVolume }: Making): FakeContainer {
    const dockerAddresses: Record<string, string> = {};
    for (const { network: name } of spec.interfaces) {
      const network = this.#world.network(owner.lab, name);
      if (!network)
        throw new LabError('ENGINE001', `lab "${owner.lab}" has no network "${name}"`, { step: `create container ${spec.name}` });
      dockerAddresses[name] = `198.18.${network.id}.${network.nextHost++}`;
    }
    const made = { owner, spec, image, storeVolume: spec.store ? storeVolume : undefined, ref: `fake-${owner.lab}-${spec.name}`, state: 'running' as const,
      startedAt: this.clock.now(), dockerAddresses, files: new Map(), log: [] }; // prettier-ignore
    this.#world.containers.push(made);
    return made;
  }
}

function asRunning(container: FakeContainer): RunningContainer {
  return { name: container.spec.name, ref: container.ref, dockerAddresses: { ...container.dockerAddresses } };
}
