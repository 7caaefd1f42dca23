/** Name servers of pods: the cluster's DNS Service, but on edges with FabEdge the agent of their own node. */
import type { Ipv4 } from '../model/address.ts';
import type { Lab } from '../model/lab.ts';

/** Where FabEdge's agent answers names on its edge (`dns-bind-ip`); edgecore tells pods so by `clusterDNS`. */
const fabedgeDns: Ipv4 = '169.254.25.10';

/** Node → the name server of its pods, where it is not the cluster's. */
export const nodeResolvers = ({ install, sites }: Lab): ReadonlyMap<string, Ipv4> =>
  new Map(
    sites
      .flatMap(({ nodes }) => nodes)
      .filter(({ role }) => role === 'edge' && install.fabedge !== undefined)
      .map(({ name }) => [name, fabedgeDns]),
  );
