/** Nodes, sites and routers of a lab by their names, each with a shell. */
import { LabError } from '../lib/lab-error.ts';
import { suggest, thereAre } from '../lib/names.ts';
import type { Ipv4 } from '../model/address.ts';
import type { Lab, LabNode, Site, SiteRouter } from '../model/lab.ts';
import type { NatBehaviour } from '../model/nat.ts';
import type { Plan } from '../model/plan.ts';
import type { Shell } from './shell.ts';
import type { NodeTarget } from './targets.ts';

/** A node; `segment` names the wire its address is on: nodes of one segment reach each other without a router. */
export type NodeHandle = NodeTarget & { segment: string; $: Shell };
/** The router of a site; `natName` is the preset's name as the topology has it. */
export type RouterHandle = {
  name: string;
  wan: Ipv4;
  lan: Ipv4;
  natName: string;
  nat: NatBehaviour;
  /** It lets no UDP out but DNS. */
  blocksUdp: boolean;
  $: Shell;
};
/** A site; `router` where it is a LAN. */
export type SiteHandle = { name: string; nodes: NodeHandle[]; router?: RouterHandle };

/** What can be found by name. */
type Inventory = {
  /** In the order of the topology. */
  nodes: readonly NodeHandle[];
  /** Throws LAB002 for a name the lab does not have, with the nearest one. */
  node: (name: string) => NodeHandle;
  /** Throws SCEN002 likewise, as `router` does. */
  site: (name: string) => SiteHandle;
  router: (site: string) => RouterHandle;
};

/** `shellIn` makes the shell inside a container; a node's segment is that of its first interface in the plan. */
export const makeInventory = (lab: Lab, plan: Plan, shellIn: (container: string) => Shell): Inventory => {
  const nodes = lab.sites.flatMap((one) => one.nodes.map((node) => makeNode(node, plan, shellIn(node.name))));
  const node = (name: string): NodeHandle => nodes.find((one) => one.name === name) ?? unknown('LAB002', 'node', name, lab, nodes);
  const routerOf = ({ lan }: Site): RouterHandle | undefined => lan && { ...pickRouter(lan.router), $: shellIn(lan.router.name) };
  const siteBy = (name: string): Site => lab.sites.find((one) => one.name === name) ?? unknown('SCEN002', 'site', name, lab, lab.sites);
  return {
    nodes,
    node,
    site: (name) => {
      const site = siteBy(name);
      const router = routerOf(site);
      return { name, nodes: site.nodes.map((one) => node(one.name)), ...(router && { router }) };
    },
    router: (name) =>
      routerOf(siteBy(name)) ??
      unknown(
        'SCEN002',
        'router at site',
        name,
        lab,
        lab.sites.filter(({ lan }) => lan),
      ),
  };
};

const makeNode = (node: LabNode, plan: Plan, $: Shell): NodeHandle => {
  const container = plan.containers.find(({ name }) => name === node.name);
  return { kind: 'node', ...node, segment: container?.interfaces[0]?.network ?? node.site, $ };
};

const pickRouter = ({ name, wan, lan, natName, nat }: SiteRouter): Omit<RouterHandle, '$'> => ({
  ...{ name, wan, lan, natName, nat },
  blocksUdp: 'blocksUdp' in nat && nat.blocksUdp,
});

type Named = { name: string };

const unknown = (code: 'LAB002' | 'SCEN002', kind: string, name: string, lab: Lab, known: readonly Named[]): never => {
  const names = known.map((one) => one.name);
  throw new LabError(code, `lab "${lab.name}" has no ${kind} "${name}"`, {
    hint: `${suggest(name, names)}${names.length === 0 ? 'there is none' : thereAre(names)}`,
  });
};
