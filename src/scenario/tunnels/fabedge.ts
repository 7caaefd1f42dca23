/** FabEdge in a round of probes: the byte counters of the tunnels before and after it. */
import { judgeFabedge, natTraversalPort, type IkeSa } from '../../evidence/evidence.ts';
import type { Lab } from '../../model/lab.ts';
import { readSas } from './read-sas.ts';
import type { Tunnel, TunnelSite } from './tunnel.ts';

const edgesOf = (lab: Lab): string[] =>
  lab.sites.flatMap(({ nodes }) => nodes.filter(({ role }) => role === 'edge').map(({ name }) => name));

const routersOf = (lab: Lab): Map<string, string> =>
  new Map(lab.sites.flatMap(({ lan, nodes }) => (lan ? nodes.map(({ name }): [string, string] => [name, lan.router.name]) : [])));

const readAll = async (site: TunnelSite, nodes: readonly string[]): Promise<Map<string, IkeSa[]>> =>
  new Map(await Promise.all(nodes.map(async (node): Promise<[string, IkeSa[]]> => [node, await readSas(site, node)])));

const entranceOf = ({ install }: Lab): { port: number } => install.fabedge?.entrance ?? { port: natTraversalPort };

/** Judges by the packets that child SAs counted between `watch` and its end. */
export const fabedgeTunnel: Tunnel = {
  kind: 'fabedge',
  // all of it goes from or to port 4500, or the connector's public one
  filter: (lab) => `(${[...new Set([natTraversalPort, entranceOf(lab).port])].map((port) => `udp port ${String(port)}`).join(' or ')})`,
  watch: async (site) => {
    const { connector = '', mediator: mediated = false } = site.lab.install.fabedge ?? {};
    const edges = edgesOf(site.lab);
    const before = await readAll(site, [connector, ...edges]);
    return async (packets) => {
      const after = await readAll(site, [connector, ...edges]);
      return judgeFabedge({
        ...{ cluster: site.lab.name, connector, port: entranceOf(site.lab).port, mediated, edges, routers: routersOf(site.lab) },
        ...{ before, after, packets },
      });
    };
  },
};
