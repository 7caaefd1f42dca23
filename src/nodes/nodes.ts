/** Face of the nodes room: every container of a lab as a machine. One line per role. */
import { ipv6SideOf } from '../lib/families.ts';
import { withPrefix } from '../lib/ip.ts';
import type { Lab, LabNode, NodeRole, Site } from '../model/lab.ts';
import { makeCoreRouter } from './core-router.ts';
import { withIpv6 } from './dual-stack.ts';
import { host } from './host.ts';
import { containerHosts, kubernetesNode } from './kubernetes-node.ts';
import type { Machine } from './machine.ts';
import type { NodeKind } from './node-kind.ts';
import { attachmentOf } from './segments.ts';
import { makeSiteRouter } from './site-router.ts';

export type { Machine, Sysctls, Wiring } from './machine.ts';
export { listSegments } from './segments.ts';
export { uplinkStateFile } from './uplink-watch.ts';
export { listShown, routersOut, sitesBehind } from './uplinks.ts';

const nodeKinds: Record<NodeRole, NodeKind> = {
  'control-plane': kubernetesNode('control-plane'),
  worker: kubernetesNode('worker'),
  edge: kubernetesNode('edge'),
  host,
};

/** Core router, site routers, nodes: all that has a container, in that order. `store`: there is an image store to mount. */
export const listMachines = (lab: Lab, { store }: { store: boolean }): { routers: Machine[]; nodes: Machine[] } => {
  const { routers, nodes } = listOneFamily(lab, store);
  const side = ipv6SideOf(lab);
  if (!side) return { routers, nodes };
  const second = Object.values(listOneFamily(side, store)).flat();
  return { routers: routers.map((machine) => withIpv6(machine, second)), nodes: nodes.map((machine) => withIpv6(machine, second)) };
};

const listOneFamily = (lab: Lab, store: boolean): { routers: Machine[]; nodes: Machine[] } => ({
  routers: [makeCoreRouter(lab), ...lab.sites.flatMap(({ name, lan }) => (lan ? [makeSiteRouter(name, lan, lab)] : []))],
  nodes: lab.sites.flatMap((site) => site.nodes.map((node) => makeNode(node, site, lab, store))),
});

function makeNode(node: LabNode, site: Site, { internet }: Lab, store: boolean): Machine {
  const kind = node.runtime === undefined ? nodeKinds[node.role] : containerHosts[node.runtime];
  const { segment, subnet, gateway } = attachmentOf(site, internet);
  return {
    container: {
      name: node.name,
      image: kind.image,
      hostname: node.name,
      privilege: kind.privilege,
      interfaces: [{ network: segment, name: 'eth0', addresses: [withPrefix(node.address, subnet)] }],
      store: store && kind.pods,
      role: node.role,
      site: site.name,
    },
    wiring: {
      routes: [`default via ${gateway} dev eth0`],
      forwards: kind.forwards,
      sysctls: kind.sysctls('eth0'),
      ...(kind.ownsRules ? { ruleset: '' } : {}),
    },
  };
}
