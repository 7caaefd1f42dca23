/** A router with another outside address while it runs, as after a new dial-in: rules first, then the address; all bindings are gone. */
import { LabError } from '../lib/lab-error.ts';
import { contains, countHosts, formatIpv4, hostAt, parseIpv4, subnetOf, withPrefix } from '../lib/ip.ts';
import { outsideAddresses } from '../lib/outside.ts';
import { faultName, redialScript, renameScript, undoFile } from '../links/links.ts';
import type { Ipv4 } from '../model/address.ts';
import type { Lab, SiteRouter } from '../model/lab.ts';
import type { Script, Step } from '../model/plan.ts';
import { makePlan } from '../plan/plan.ts';
import { routerAt, runFaultScript, type FaultScene, type Heal } from './faults.ts';

/** Gives what brings the declared address back. LAB002 where there is no such router, FAULT001 where it cannot have that address. */
export const redial = async (scene: FaultScene, site: string, wanted?: Ipv4): Promise<Heal> => {
  const { engine, lab, signal } = scene;
  const router = routerAt(lab, site);
  if (router.nat.kind !== 'rfc4787' && router.nat.kind !== 'stock')
    throw new LabError('FAULT001', `${router.name} has no outside address of which all its hosts depend`, { hint: dialIn });
  if (outsideAddresses(router).length > 1) throw new LabError('FAULT001', `${router.name} has several outside addresses`, { hint: dialIn });
  const subnet = outsideSubnet(lab, router);
  const to = wanted ?? freeAddress(lab, router, subnet);
  refuseTaken(lab, router, subnet, to);

  const [before, after] = [rulesOf(lab, router.name), rulesOf(withAddress(lab, site, to), router.name)];
  const name = faultName('redial', site);
  const turn = (from: Ipv4, next: Ipv4, rules: string): string =>
    redialScript({ from: withPrefix(from, subnet), to: withPrefix(next, subnet), rules });
  const core = lab.internet.core.name;
  const undos = [
    { container: router.name, script: turn(to, router.wan, before.rules), now: turn(router.wan, to, after.rules) },
    { container: core, script: renameScript(before.names), now: renameScript(after.names) },
  ];
  const where = { engine, lab: lab.name, signal };
  for (const { container, script, now } of undos) {
    // its end is there before it begins: `fault heal` finds it even if this process dies
    await engine.writeFiles(lab.name, container, [{ path: undoFile(name), mode: 0o600, content: script }], signal);
    await runFaultScript(where, container, now);
  }
  return async (later) => {
    for (const { container } of undos.toReversed())
      await runFaultScript({ ...where, ...(later && { signal: later }) }, container, healOne(name));
  };
};

const dialIn = 'choose a site whose NAT gives all its hosts one outside address, as at a dial-in';

const healOne = (name: string): string => `sh ${undoFile(name)} && rm ${undoFile(name)}`;

const withAddress = (lab: Lab, name: string, wan: Ipv4): Lab => ({
  ...lab,
  sites: lab.sites.map((site) =>
    site.name === name && site.lan ? { ...site, lan: { ...site.lan, router: { ...site.lan.router, wan } } } : site,
  ),
});

/** What the plan of such a lab gives the router as rules, and the core as names. */
const rulesOf = (lab: Lab, router: string): { rules: string; names: string } => {
  const steps = makePlan(lab).plan?.steps ?? [];
  const scriptOf = (container: string): Script | undefined => findLink(steps, container)?.script;
  const rules = scriptOf(router)?.stdin ?? '';
  const names = scriptOf(lab.internet.core.name)?.env?.['EDGELAB_NAMES'];
  // without its first line, which would take link conditions and other faults away too
  return { rules: rules.replace(/^flush ruleset\n/, ''), names: typeof names === 'string' ? names : '' };
};

const findLink = (steps: readonly Step[], container: string) => {
  const action = steps.find(({ id }) => id === `link:${container}`)?.action;
  return action?.do === 'link' ? action : undefined;
};

const outsideSubnet = (lab: Lab, { uplink }: SiteRouter): string =>
  lab.sites.find(({ name }) => name === uplink)?.lan?.subnet ?? lab.internet.subnet;

/** Addresses of the segment that the router's outside is in, and those of all other routers. */
const takenAddresses = (lab: Lab, { uplink }: SiteRouter): Set<Ipv4> => {
  const outer = lab.sites.find(({ name }) => name === uplink);
  const nodes = outer ? outer.nodes : lab.sites.filter(({ lan }) => !lan).flatMap((site) => site.nodes);
  return new Set([
    outer?.lan?.router.lan ?? lab.internet.core.address,
    ...lab.sites.flatMap(({ lan }) => (lan ? outsideAddresses(lan.router) : [])),
    ...nodes.map(({ address }) => address),
  ]);
};

/** The last one that nobody has. */
const freeAddress = (lab: Lab, router: SiteRouter, cidr: string): Ipv4 => {
  const [subnet, taken] = [subnetOf(cidr), takenAddresses(lab, router)];
  for (let number = countHosts(subnet); number > 0; number--) {
    const address = formatIpv4(hostAt(subnet, number) ?? 0);
    if (!taken.has(address)) return address;
  }
  throw new LabError('FAULT001', `no address of ${cidr} is left for ${router.name}`, { hint: 'a subnet with more addresses has one' });
};

const freeOne = 'without an address it gets a free one';

const refuseTaken = (lab: Lab, router: SiteRouter, cidr: string, to: Ipv4): void => {
  const value = parseIpv4(to);
  if (value === undefined || !contains(subnetOf(cidr), value))
    throw new LabError('FAULT001', `"${to}" is no address of ${cidr}, where ${router.name} is`, { hint: freeOne });
  if (takenAddresses(lab, router).has(to)) throw new LabError('FAULT001', `${to} is taken`, { hint: freeOne });
};
