/** Verbs of a site's router: its power, its bindings, its outside address. */
import type { Ipv4 } from '../../model/address.ts';
import { awaitOnline, forgetBindings, restartContainers } from '../../run/run.ts';
import type { VerbScene } from './action.ts';

/** What can be done to the router of a site. */
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

/** `router` is the name of its container, `site` that of its site. */
export const routerVerbs = (scene: VerbScene, router: string, site: string): RouterVerbs => {
  const { engine, lab, plan, signal, act, begin } = scene;
  const where = { engine, lab: lab.name, signal };
  return {
    reboot: () =>
      act(`${router} rebooted`, async () => {
        await restartContainers({ engine, plan, containers: [router], how: 'kill', signal });
        await awaitOnline(engine, plan, [router], signal);
      }),
    rebind: () => act(`${router} gives out new ports`, () => forgetBindings(where, plan, router, { reserve: true })),
    expireBindings: () => act(`bindings of ${router} expired`, () => forgetBindings(where, plan, router, { reserve: false })),
    redial: (to) => begin(`redial ${site}`, `${router} gets another address`, { kind: 'redial', site, ...(to !== undefined && { to }) }),
    fillConntrack: () => begin(`conntrack full ${site}`, `${router} has no room for new connections`, { kind: 'conntrack-full', site }),
  };
};
