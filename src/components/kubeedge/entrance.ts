/** The address and ports at which each edge finds cloudcore: its node's own, or those of the router that forwards them. */
import { cloudcoreNodes, cloudcorePorts } from '../../lib/cloudcore.ts';
import type { Ipv4 } from '../../model/address.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import { findWayIn, type Endpoint } from '../../nat/nat.ts';
import { allNodes, controlPlane, edgeNodes } from '../step.ts';

/** cloudcore is in the pod network, and ports of the cloud nodes lead to it. */
export const behindNodePorts = ({ install }: Lab): boolean => install.kubeedge?.expose === 'node-port';

type Entrance = { hub: Endpoint; https: Endpoint; tunnel: Endpoint };

/** Resolve guarantees that there is one (TOPO037). */
export const entranceOf = (lab: Lab, edge: LabNode): Entrance => {
  const find = (port: number): Endpoint => {
    for (const { site, address } of cloudcoreNodes(lab.install, allNodes(lab))) {
      const way = findWayIn(lab, { site, address, port, protocol: 'tcp' }, edge.site);
      if ('open' in way) return way.open;
    }
    throw new Error(`${edge.name} was planned to join a cloudcore that it cannot reach at port ${port}`);
  };
  const { hub, https, tunnel } = cloudcorePorts(lab.install);
  return { hub: find(hub), https: find(https), tunnel: find(tunnel) };
};

/** What goes into cloudcore's certificate: every address by which an edge calls it, or the control plane's where there is no edge yet. */
export const advertisedAddresses = (lab: Lab): Ipv4[] => [
  ...new Set([controlPlane(lab).address, ...edgeNodes(lab).map((edge) => entranceOf(lab, edge).hub.address)]),
];

/** Its certificates by HTTPS, as the control plane itself reaches them; a NodePort does not answer on the loopback address. */
export const ownHttps = (lab: Lab): string =>
  `${behindNodePorts(lab) ? controlPlane(lab).address : '127.0.0.1'}:${cloudcorePorts(lab.install).https}`;
