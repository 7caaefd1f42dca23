/** What a scenario can do to a lab beside looking at it. Everything is undone at the end of the scenario, the last thing first. */
import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../lib/lab-error.ts';
import type { LinkConditions } from '../model/link.ts';
import type { LabEvent } from '../model/event.ts';
import { plainLink, readLinkWords, wishWords, type LinkWish } from '../links/links.ts';
import type { Fault } from '../model/fault.ts';
import type { Ipv4 } from '../model/address.ts';
import {
  actFault,
  awaitOnline,
  captureBounds,
  changeLinks,
  forgetBindings,
  playFaults,
  putLinks,
  recordPackets,
  restartContainers,
  watchReach,
  type Reaction,
} from '../run/run.ts';
import { toSeconds, type Duration } from './duration.ts';
import type { LabHandle, LabSite, NodeHandle, RouterHandle, SiteHandle } from './lab-handle.ts';

export type LinkVerbs = {
  /** `link.set('4g')`, `link.set({ delay: '20ms', loss: '1%' })`, `link.set({ up: { rate: '1mbit' } })`; replaces what was. */
  set(wish: LinkWish): Promise<void>;
  /** As the machine is. */
  clear(): Promise<void>;
};

export type UplinkVerbs = {
  /** Nothing passes any more, or nothing in one direction: one-way loss. */
  down(direction?: 'both' | 'up' | 'down'): Promise<void>;
  up(): Promise<void>;
  /** Down and up again, that many times, each for half a period. */
  flap(options: { times: number; period: Duration }): Promise<void>;
  /** Packets above this size vanish without a word (RFC 2923 §2.1); `up()` ends it. */
  blackHole(mtu: number): Promise<void>;
};

export type NodeVerbs = {
  link: LinkVerbs;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Ends it as a power cut does; it stays down until `restart()` or the end of the scenario. */
  kill(): Promise<void>;
  /** Off and on again, wired as before; resolves when its network works, or with `offline` when it is wired: where the uplink is cut there is nothing to wait for. */
  restart(options?: { offline?: boolean }): Promise<void>;
};

export type RouterVerbs = {
  reboot(): Promise<void>;
  /** All bindings are forgotten and hosts get other outside ports. Only for NATs with a mapping table. */
  rebind(): Promise<void>;
  /** All bindings are forgotten as if they had been idle for too long. */
  expireBindings(): Promise<void>;
  /** Another outside address, a free one unless named, and no bindings; gives what brings the old one back. */
  redial(to?: Ipv4): Promise<() => Promise<void>>;
  /** New connections find no room in the router's table and are dropped, those that are there go on; gives what ends it. */
  fillConntrack(): Promise<() => Promise<void>>;
};

/** A ping from one node to another, ten times a second; what changes is in the report, on one line of time with what was done. */
export type ReachWatch = { stop(): Promise<Reaction[]> };

export type Capture = { file: string; stop(): Promise<{ packets: number; bytes: number }> };

export type LiveLab = Omit<LabHandle, 'node' | 'nodes' | 'site' | 'router'> & {
  node(name: string): NodeHandle & NodeVerbs;
  nodes(...role: Parameters<LabHandle['nodes']>): (NodeHandle & NodeVerbs)[];
  site(name: string): Omit<SiteHandle, 'nodes' | 'router'> & {
    nodes: (NodeHandle & NodeVerbs)[];
    router?: RouterHandle & RouterVerbs;
    link: LinkVerbs;
    uplink: UplinkVerbs;
  };
  router(site: string): RouterHandle & RouterVerbs;
  /** Sites of one group reach none of the other; gives what ends it. */
  partition(one: readonly string[], other: readonly string[]): Promise<() => Promise<void>>;
  /** The lab's DNS server hears nothing; gives what ends it. */
  failDns(): Promise<() => Promise<void>>;
  /** Watches from now to `stop()` or the end of the step; resolves when it is known how it is now. */
  watch(from: string, to: string): Promise<ReachWatch>;
  /** Plays the `faults:` of the topology from now on; resolves when all of them are over and undone. */
  playFaults(): Promise<void>;
  /** Packets at `edge-a1:eth0`, `lan-a-router` (all interfaces) …, as pcapng, until `stop()` or the end of the step. */
  capture(at: string | readonly string[], options?: { filter?: string; maxMegabytes?: number; within?: Duration }): Promise<Capture>;
};

export type Healers = Map<string, (later?: AbortSignal) => Promise<void>>;

export type VerbSite = LabSite & {
  /** Runs at the end of the scenario, whatever happened, without the step's signal. */
  undo: (what: string, work: (signal: AbortSignal) => Promise<void>) => void;
  /** Faults that are on, by name: one step may end what an earlier one began. */
  healers: Healers;
  /** Runs at the end of the step. */
  atStepEnd: (work: () => Promise<unknown>) => void;
  emit: (event: LabEvent) => void;
  now: () => number;
  scenario: string;
  /** Opens a file for a capture: where it is, and what takes its bytes. */
  openCapture: (name: string) => Promise<{ file: string; write: (bytes: Uint8Array) => void; close: () => Promise<void> }>;
};

/** The lab with its verbs. Each action is an event, and so is its end. */
export const makeLiveLab = (handle: LabHandle, site: VerbSite): LiveLab => {
  const { engine, lab, plan, signal, emit, now, scenario, track, undo, healers } = site;
  const where = { engine, lab: lab.name, signal };
  const scene = { engine, lab, plan, signal };
  const tell = (what: string, state: 'done' | 'seen' | 'undone' | 'failed'): void =>
    emit({ at: now(), type: 'action', scenario, what, state });

  /** Does something to the lab; `back` is put on the pile of what is undone at the end. */
  const act = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await track(
      work().catch((error: unknown) => {
        tell(what, 'failed');
        throw error;
      }),
    );
    tell(what, 'done');
  };
  const heal = async (name: string, what: string, later?: AbortSignal): Promise<void> => {
    const work = healers.get(name);
    healers.delete(name);
    if (!work) return;
    await work(later);
    tell(what, 'undone');
  };
  const fault = async (name: string, what: string, wanted: Fault): Promise<() => Promise<void>> => {
    // whatever begins may begin in part: its end is there before it is
    undo(what, (later) => heal(name, what, later));
    await act(what, async () => {
      const end = await actFault(scene, wanted);
      if (end) healers.set(name, end);
    });
    return () => track(heal(name, what));
  };

  const linkVerbs = (name: string): LinkVerbs => {
    const change = async (what: string, conditions: LinkConditions): Promise<void> =>
      act(what, async () => {
        const before = await changeLinks(where, name, conditions);
        undo(what, async (later) => {
          await putLinks({ ...where, signal: later }, before);
          tell(what, 'undone');
        });
      });
    return {
      set: async (wish) => {
        const conditions = readLinkWords(wishWords(wish));
        if ('problem' in conditions)
          throw new LabError('LINK001', conditions.problem, 'hint' in conditions ? { hint: conditions.hint } : {});
        await change(`link of ${name}: ${wishWords(wish).join(' ')}`, conditions);
      },
      clear: () => change(`link of ${name} cleared`, plainLink),
    };
  };

  const uplinkVerbs = (name: string): UplinkVerbs => {
    const [cut, hole] = [`cut_${tableName(name)}`, `hole_${tableName(name)}`];
    const words = { both: 'down', up: 'lets nothing out', down: 'lets nothing in' };
    const down: UplinkVerbs['down'] = async (direction = 'both') => {
      await fault(cut, `uplink of ${name} ${words[direction]}`, { kind: 'cut', where: name, directions: direction });
    };
    const up = async (): Promise<void> => {
      await heal(cut, `uplink of ${name} down`);
      await heal(hole, `black hole at ${name}`);
    };
    return {
      down,
      up: () => track(up()),
      flap: async ({ times, period }) => {
        for (let turn = 0; turn < times; turn++) {
          await down();
          await wait(toSeconds(period) * 500, undefined, { signal });
          await up();
          await wait(toSeconds(period) * 500, undefined, { signal });
        }
      },
      blackHole: async (mtu) => {
        await fault(hole, `packets above ${mtu} bytes vanish at ${name}`, { kind: 'black-hole', where: name, mtu });
      },
    };
  };

  const restart = (name: string, how: 'stop' | 'kill' | 'start', later = signal): Promise<void> =>
    restartContainers({ engine, plan, containers: [name], how, signal: later });
  const nodeVerbs = (name: string): NodeVerbs => ({
    link: linkVerbs(name),
    pause: () =>
      act(`${name} paused`, async () => {
        undo(`${name} paused`, () => engine.power(lab.name, name, 'unpause').catch(unlessRunning));
        await engine.power(lab.name, name, 'pause');
      }),
    unpause: () => act(`${name} goes on`, () => engine.power(lab.name, name, 'unpause')),
    kill: () =>
      act(`${name} killed`, async () => {
        undo(`${name} killed`, async (later) => {
          const found = await engine.list(lab.name);
          if (found.some((one) => one.name === name && one.kind === 'container' && one.state === 'exited'))
            await restart(name, 'start', later);
        });
        await engine.power(lab.name, name, 'kill');
      }),
    restart: ({ offline = false } = {}) =>
      act(`${name} restarted`, async () => {
        const found = await engine.list(lab.name);
        const down = found.some((one) => one.name === name && one.kind === 'container' && one.state === 'exited');
        await restart(name, down ? 'start' : 'stop');
        if (!offline) await awaitOnline(engine, lab.name, plan, [name], signal);
      }),
  });
  const withNodeVerbs = (node: NodeHandle): NodeHandle & NodeVerbs => ({ ...node, ...nodeVerbs(node.name) });
  const withRouterVerbs = (router: RouterHandle, name: string): RouterHandle & RouterVerbs => ({
    ...router,
    reboot: () =>
      act(`${router.name} rebooted`, async () => {
        await restart(router.name, 'kill');
        await awaitOnline(engine, lab.name, plan, [router.name], signal);
      }),
    rebind: () => act(`${router.name} gives out new ports`, () => forgetBindings(where, plan, router.name, { reserve: true })),
    expireBindings: () => act(`bindings of ${router.name} expired`, () => forgetBindings(where, plan, router.name, { reserve: false })),
    redial: (to) =>
      fault(`redial_${tableName(name)}`, `${router.name} gets another address`, {
        kind: 'redial',
        site: name,
        ...(to !== undefined && { to }),
      }),
    fillConntrack: () =>
      fault(`full_${tableName(name)}`, `${router.name} has no room for new connections`, { kind: 'conntrack-full', site: name }),
  });

  return {
    ...handle,
    node: (name) => withNodeVerbs(handle.node(name)),
    nodes: (...role) => handle.nodes(...role).map(withNodeVerbs),
    site: (name) => {
      const { nodes, router, ...rest } = handle.site(name);
      return {
        ...rest,
        nodes: nodes.map(withNodeVerbs),
        ...(router ? { router: withRouterVerbs(router, name) } : {}),
        link: linkVerbs(name),
        uplink: uplinkVerbs(name),
      };
    },
    router: (name) => withRouterVerbs(handle.router(name), name),
    partition: (one, other) => {
      for (const name of [...one, ...other]) handle.site(name);
      const what = `${one.join(', ')} parted from ${other.join(', ')}`;
      return fault(`parted_${tableName([...one, ...other].join('_'))}`, what, { kind: 'partition', one: [...one], other: [...other] });
    },
    failDns: () => fault('dns', "the lab's DNS does not answer", { kind: 'dns' }),
    watch: async (from, to) => {
      const [source, target] = [handle.node(from), handle.node(to)];
      const words = { answers: `${to} answers ${from}`, silent: `${to} does not answer ${from}` };
      const watch = watchReach({
        ...{ engine, lab: lab.name, from: source.name, to: target.address },
        say: ({ at, state }) => emit({ at, type: 'action', scenario, what: words[state], state: 'seen' }),
      });
      site.atStepEnd(watch.stop);
      await track(watch.watching);
      return { stop: watch.stop };
    },
    playFaults: async () => {
      const { faults = [] } = lab;
      if (faults.length === 0)
        throw new LabError('SCEN002', `lab "${lab.name}" has no faults to play`, { hint: 'write `faults:` into its topology' });
      const say = ({ what, state, message }: { what: string; state: 'done' | 'undone' | 'failed'; message?: string }): void =>
        tell(message === undefined ? what : `${what}: ${message}`, state);
      await track(playFaults({ ...scene, faults, say }));
    },
    capture: async (at, { filter = '', maxMegabytes = captureBounds.megabytes, within = captureBounds.seconds } = {}) => {
      const places = typeof at === 'string' ? [at] : at;
      const points = places.map((place) => {
        const [node = '', name = 'any'] = place.split(':');
        return { node, interface: name };
      });
      const target = await site.openCapture(places.join('-').replaceAll(/[^\w.-]+/g, '-'));
      const end = new AbortController();
      const { listening, finished } = recordPackets({
        ...{ engine, lab: lab.name, points, filter, now, write: target.write, signal: AbortSignal.any([signal, end.signal]) },
        ...{ maxBytes: maxMegabytes * 1e6, maxSeconds: toSeconds(within) },
      });
      let closed: Promise<{ packets: number; bytes: number }> | undefined;
      const stop = (): Promise<{ packets: number; bytes: number }> =>
        (closed ??= (async () => {
          end.abort();
          try {
            const { packets, bytes } = await finished;
            tell(`${packets} packets at ${places.join(', ')} in ${target.file}`, 'seen');
            return { packets, bytes };
          } finally {
            await target.close();
          }
        })());
      site.atStepEnd(stop);
      await track(listening);
      return { file: target.file, stop };
    },
  };
};

/** A word that nftables takes in the name of a table. */
const tableName = (name: string): string => name.replaceAll(/\W/g, '_');

/** Docker refuses to let go on what is not paused. */
const unlessRunning = (error: unknown): void => {
  if (!(error instanceof LabError)) throw error;
};
