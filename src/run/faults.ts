/** Faults of a running lab: where each bites, begun and ended by name. */
import type { Engine, LabName } from '../engine/engine.ts';
import { cutScript, deafDnsScript, forgetScript, healScript, listFaultsScript, plainLink, silentMtuScript } from '../links/links.ts';
import { familiesOf } from '../lib/families.ts';
import { LabError } from '../lib/lab-error.ts';
import { linesOf } from '../lib/lines.ts';
import { suggest, thereAre } from '../lib/names.ts';
import { listWays, outsideAddresses as addressesOf } from '../lib/outside.ts';
import type { Directions } from '../model/fault.ts';
import type { Lab, SiteRouter } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import { listShown } from '../plan/plan.ts';
import { findLinkPlaces, putLinks, readLink, type FoundLink } from './links.ts';

/** The lab that a fault is made in. */
export type FaultWhere = { engine: Engine; lab: LabName; signal?: AbortSignal };

/** A lab that runs. `lab` and `plan` must be what it was made from. */
export type FaultScene = { engine: Engine; lab: Lab; plan: Plan; signal: AbortSignal };

/** Every kind of fault that lasts until it is ended. */
export type FaultSpec =
  | { kind: 'cut'; at: string; directions: Directions }
  | { kind: 'partition'; cuts: { at: string; peers: string[] }[] }
  | { kind: 'dns'; core: string }
  | { kind: 'black-hole'; at: string; mtu: number };

/** Undoes what was begun. */
export type Heal = (signal?: AbortSignal) => Promise<void>;

/** Resolves when it bites, with what ends it. LAB002 for a place that is not there, FAULT001 where a container refuses. */
export const beginFault = async (where: FaultWhere, name: string, spec: FaultSpec): Promise<Heal> => {
  const done: string[] = [];
  const begin = async (container: string, script: string): Promise<void> => {
    done.push(container);
    await runFaultScript(where, container, script);
  };
  const heal: Heal = async (signal) => {
    const { signal: _, ...rest } = where;
    await endFault({ ...rest, ...(signal && { signal }) }, name, done);
  };
  switch (spec.kind) {
    case 'cut':
      for (const { container, device } of await findLinkPlaces(where, spec.at))
        await begin(container, cutScript(name, device, spec.directions));
      return heal;
    case 'partition':
      for (const { at, peers } of spec.cuts)
        for (const { container, device } of await findLinkPlaces(where, at)) await begin(container, cutScript(name, device, 'both', peers));
      return heal;
    case 'dns':
      await begin(spec.core, deafDnsScript(name));
      return heal;
    case 'black-hole':
      return beginBlackHole(where, spec, begin, name, heal);
  }
};

const beginBlackHole = async (
  where: FaultWhere,
  { at, mtu }: Extract<FaultSpec, { kind: 'black-hole' }>,
  begin: (container: string, script: string) => Promise<void>,
  name: string,
  heal: Heal,
): Promise<Heal> => {
  const places = await findLinkPlaces(where, at);
  for (const { container } of places) await begin(container, silentMtuScript(name));
  const before: FoundLink[] = await Promise.all(
    places.map(async (place) => ({ place, conditions: (await readLink({ ...where, place })) ?? plainLink })),
  );
  await putLinks(
    where,
    before.map(({ place, conditions: { up, down } }) => ({ place, conditions: { up: { ...up, mtu }, down: { ...down, mtu } } })),
  );
  return async (signal) => {
    const { signal: _, ...rest } = where;
    await putLinks({ ...rest, ...(signal && { signal }) }, before);
    await heal(signal);
  };
};

/** Ends the fault in these containers, or wherever it is. */
const endFault = async (where: FaultWhere, name: string, containers?: readonly string[]): Promise<void> => {
  const found = await where.engine.list(where.lab);
  const running = found.filter(({ kind, state }) => kind === 'container' && state === 'running').map((one) => one.name);
  await Promise.all(
    running.filter((one) => containers?.includes(one) ?? true).map((container) => runFaultScript(where, container, healScript(name))),
  );
};

/** Container → names of its faults. */
export const listFaults = async (where: FaultWhere): Promise<{ container: string; fault: string }[]> => {
  const found = (await where.engine.list(where.lab)).filter(({ kind, state }) => kind === 'container' && state === 'running');
  const lists = await Promise.all(
    found.map(async ({ name: container }) => {
      const { stdout } = await where.engine.exec(where.lab, container, ['sh', '-c', listFaultsScript], { timeoutSeconds: 20 });
      return [...new Set(linesOf(stdout))].map((fault) => ({ container, fault }));
    }),
  );
  return lists.flat();
};

/** The router of a site; LAB002 where there is none. */
export const routerAt = (lab: Lab, name: string): SiteRouter => {
  const routers = new Map(lab.sites.flatMap((site) => (site.lan ? [[site.name, site.lan.router] as const] : [])));
  const router = routers.get(name);
  if (router) return router;
  const known = [...routers.keys()];
  throw new LabError('LAB002', `lab ${lab.name} has no router at a site "${name}"`, {
    hint: known.length === 0 ? 'none of its sites has one' : `${suggest(name, known)}${thereAre(known)}`,
  });
};

/** A router without its bindings; with `reserve` the outside ports it used stay taken. */
export const forgetBindings = async (where: FaultWhere, plan: Plan, router: string, { reserve }: { reserve: boolean }): Promise<void> => {
  const step = plan.steps.find(({ id }) => id === `link:${router}`);
  const rules = step?.action.do === 'link' ? step.action.script.stdin : undefined;
  if (rules === undefined)
    throw new LabError('FAULT001', `"${router}" has no rules of the lab: it keeps no bindings`, {
      hint: 'routers without NAT and nodes have none to forget',
    });
  // without its first line, which would take link conditions and other faults away too
  await runFaultScript(where, router, forgetScript({ reserve }), rules.replace(/^flush ruleset\n/, ''));
};

/** Addresses and prefixes by which the rest of the lab sees a site: its router's outside ones, what it shows untranslated, or its public nodes'. */
export const outsideAddresses = (lab: Lab, name: string): string[] => {
  const { sites } = lab;
  const site = sites.find((one) => one.name === name);
  if (!site) return [];
  const { lan } = site;
  return lan ? [...addressesOf(lan.router), ...listShown(lab, name)] : site.nodes.map(({ address }) => address);
};

/** Both groups drop what comes from the other and what would go there. */
export const partitionOf = (lab: Lab, one: readonly string[], other: readonly string[]): FaultSpec => {
  const all = (sites: readonly string[]): string[] =>
    familiesOf(lab).flatMap((one) => sites.flatMap((site) => outsideAddresses(one, site)));
  /** Every interface by which the others can be reached. */
  const places = (site: string): string[] => {
    const router = lab.sites.find(({ name }) => name === site)?.lan?.router;
    if (!router) return [site];
    const peers = (lab.links ?? []).flatMap(({ ends }) => ends.filter((end) => end.site === site));
    return [...listWays(router), ...peers].map(({ device }) => `${site}:${device}`);
  };
  const cut = (sites: readonly string[], peers: string[]) => sites.flatMap(places).map((at) => ({ at, peers }));
  return { kind: 'partition', cuts: [...cut(one, all(other)), ...cut(other, all(one))] };
};

/** Runs it in the container; FAULT001 with its last words where it fails. */
export const runFaultScript = async (
  { engine, lab, signal }: FaultWhere,
  container: string,
  script: string,
  stdin?: string,
): Promise<void> => {
  const { code, stdout, stderr } = await engine.exec(lab, container, ['sh', '-c', script], {
    timeoutSeconds: 20,
    ...(stdin === undefined ? {} : { stdin }),
    ...(signal && { signal }),
  });
  if (code === 0) return;
  throw new LabError('FAULT001', `the fault could not be made in ${container} (exit code ${code})`, {
    step: `change the network of ${container}`,
    outputTail: `${stdout}\n${stderr}`.trim(),
  });
};

/** Ends every fault of the lab, or of one site or node; a killed node is left to a restart. Gives what was healed, in words. */
export const healAll = async (where: FaultWhere, name?: string): Promise<string[]> => {
  const containers = (await where.engine.list(where.lab)).filter((one) => one.kind === 'container');
  const meant = new Set(containers.filter((one) => name === undefined || one.name === name || one.site === name).map((one) => one.name));
  const paused = containers.filter((one) => one.state === 'paused' && meant.has(one.name)).map((one) => one.name);
  await Promise.all(paused.map((container) => where.engine.power(where.lab, container, 'unpause')));
  const faults = (await listFaults(where)).filter(({ container }) => meant.has(container));
  for (const { container, fault } of faults) {
    // a black hole is silence and a small MTU
    if (fault.startsWith('hole_')) await forgetMtu(where, container);
    await runFaultScript(where, container, healScript(fault));
  }
  return [...paused.map((container) => `${container} paused`), ...faults.map(({ container, fault }) => `${fault} at ${container}`)];
};

const forgetMtu = async (where: FaultWhere, container: string): Promise<void> => {
  for (const place of await findLinkPlaces(where, container)) {
    const { up, down } = (await readLink({ ...where, place })) ?? plainLink;
    const without = ({ mtu: _, ...rest }: typeof up): typeof up => rest;
    await putLinks(where, [{ place, conditions: { up: without(up), down: without(down) } }]);
  }
};
