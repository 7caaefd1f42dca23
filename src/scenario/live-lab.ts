/** The lab with its verbs: what a scenario can do to it beside looking. Everything is undone at the end of the scenario, the last thing first. */
import type { NodeHandle, RouterHandle, SiteHandle } from './inventory.ts';
import type { LabHandle } from './lab-handle.ts';
import { makeActions, type VerbScene, type VerbSite } from './verbs/action.ts';
import { capture, type Capture, type CaptureOptions } from './verbs/capture.ts';
import { linkVerbs, type LinkVerbs } from './verbs/link.ts';
import { nodeVerbs, type NodeVerbs } from './verbs/node.ts';
import { routerVerbs, type RouterVerbs } from './verbs/router.ts';
import { playTimeline } from './verbs/timeline.ts';
import { uplinkVerbs, type UplinkVerbs } from './verbs/uplink.ts';
import { watch, type ReachWatch } from './verbs/watch.ts';

/** A lab that can be looked at and changed; what changes it is undone when the scenario ends. */
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
  capture(at: string | readonly string[], options?: CaptureOptions): Promise<Capture>;
};

/**
 * The handle with verbs on its nodes, sites and routers. What they do is told as `action` events and, where it lasts, put on the
 * scenario's pile of undos.
 */
export const makeLiveLab = (handle: LabHandle, site: VerbSite): LiveLab => {
  const scene: VerbScene = { ...site, ...makeActions(site) };
  const withNodeVerbs = (node: NodeHandle): NodeHandle & NodeVerbs => ({ ...node, ...nodeVerbs(scene, node.name) });
  const withRouterVerbs = (router: RouterHandle, name: string): RouterHandle & RouterVerbs => ({
    ...router,
    ...routerVerbs(scene, router.name, name),
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
        link: linkVerbs(scene, name),
        uplink: uplinkVerbs(scene, name),
      };
    },
    router: (name) => withRouterVerbs(handle.router(name), name),
    partition: (one, other) => {
      for (const name of [...one, ...other]) handle.site(name);
      const [here, there] = [one.join(', '), other.join(', ')];
      return scene.begin(`${here} | ${there}`, `${here} parted from ${there}`, { kind: 'partition', one: [...one], other: [...other] });
    },
    failDns: () => scene.begin('dns', "the lab's DNS does not answer", { kind: 'dns' }),
    watch: (from, to) => watch(scene, handle.node(from), handle.node(to)),
    playFaults: () => playTimeline(scene),
    capture: (at, options) => capture(scene, at, options),
  };
};
