/** What exists in a fake engine: labs with their networks and containers. */
import type { ContainerSpec } from '../../model/plan.ts';
import { noSuchContainer, notRunning } from '../errors.ts';
import type { LabName, Owned, Ownership } from '../engine.ts';

/** Docker's address of the next container on it is `198.18.<id>.<nextHost>`. */
type FakeNetwork = { owner: Ownership; name: string; id: number; nextHost: number };

/** A container as it was asked for, and as it is now. `startedAt` in milliseconds of the fake clock; `log` oldest first. */
export type FakeContainer = {
  owner: Ownership;
  spec: ContainerSpec;
  image: string;
  storeVolume: string | undefined;
  ref: string;
  state: NonNullable<Owned['state']>;
  startedAt: number;
  dockerAddresses: Record<string, string>;
  /** By absolute path. */
  files: Map<string, { mode: number; content: string }>;
  log: string[];
};

/** Every look and change happens at once; faults and time are the engine's. */
export class FakeWorld {
  readonly networks: FakeNetwork[] = [];
  readonly containers: FakeContainer[] = [];
  #made = 0;

  /** A number no other network or container has. */
  nextId(): number {
    return (this.#made += 1);
  }

  network(lab: LabName, name: string): FakeNetwork | undefined {
    return this.networks.find((each) => each.owner.lab === lab && each.name === name);
  }

  container(lab: LabName, name: string): FakeContainer | undefined {
    return this.containers.find((each) => each.owner.lab === lab && each.spec.name === name);
  }

  /** By name of the lab's network. */
  carriers(lab: LabName): Record<string, string> {
    const own = this.networks.filter(({ owner }) => owner.lab === lab);
    return Object.fromEntries(own.map(({ name, id }) => [name, `198.18.${id}.0/24`]));
  }

  /** ENGINE003 when there is none. */
  existing(lab: LabName, name: string): FakeContainer {
    const found = this.container(lab, name);
    if (found) return found;
    const known = this.containers.filter((each) => each.owner.lab === lab).map((each) => each.spec.name);
    throw noSuchContainer(lab, name, known);
  }

  /** ENGINE003 or ENGINE001 unless it runs. */
  running(lab: LabName, name: string): FakeContainer {
    const found = this.existing(lab, name);
    if (found.state !== 'running') throw notRunning(lab, name, found.state);
    return found;
  }

  owned(lab?: LabName): Owned[] {
    const mine = (each: { owner: Ownership }) => lab === undefined || each.owner.lab === lab;
    const networks = this.networks
      .filter(mine)
      .map((each): Owned => ({ kind: 'network', name: each.name, ref: `fake-network-${each.id}`, ...each.owner }));
    const containers = this.containers.filter(mine).map((each) => asOwned(each));
    return [...containers, ...networks].sort((a, b) => sortKey(a).localeCompare(sortKey(b)));
  }

  /** Takes all of a lab away and counts it. */
  remove(lab: LabName): { containers: number; networks: number; volumes: number } {
    const containers = takeOut(this.containers, (each) => each.owner.lab === lab);
    const networks = takeOut(this.networks, (each) => each.owner.lab === lab);
    return { containers, networks, volumes: 0 };
  }
}

function asOwned(container: FakeContainer): Owned {
  const { spec, owner, ref, state, startedAt } = container;
  return {
    kind: 'container',
    name: spec.name,
    ref,
    ...owner,
    role: spec.role,
    ...(spec.site ? { site: spec.site } : {}),
    state,
    startedAt,
  };
}

function sortKey(owned: Owned): string {
  return `${owned.lab} ${owned.kind} ${owned.name}`;
}

function takeOut<T>(from: T[], which: (each: T) => boolean): number {
  const before = from.length;
  const kept = from.filter((each) => !which(each));
  from.splice(0, before, ...kept);
  return before - kept.length;
}
