/** What must come out, by the topology alone. */
import type { LabHandle, NodeHandle, ReachOutcome } from 'edgelab';
import { groupOf } from './cast.ts';

/** What the topology says must come out. A plain packet that leads nowhere is answered; one inside VXLAN is not. */
export const predict = (lab: LabHandle) => {
  const carried = (from: NodeHandle, to: NodeHandle): boolean => ['direct', 'routed'].includes(lab.way(from.name, to.name));
  const flannel = (node: NodeHandle): boolean => lab.has('flannel', groupOf(node));
  const podIP = (from: NodeHandle, to: NodeHandle): ReachOutcome => {
    if (from.name === to.name) return 'reachable';
    // a bridge CNI masquerades what leaves the node, so the core can answer
    if (!flannel(from)) return 'unreachable';
    // flannel leaves a pod's address alone inside the pod network: without a tunnel it is a bogon to every router
    if (!flannel(to)) return 'timeout';
    // the tunnel of a namesake leads back into itself, until the packet's time to live is over
    if (from.address === to.address) return 'unreachable';
    return carried(from, to) && carried(to, from) ? 'reachable' : 'timeout';
  };
  const clusterIP = (from: NodeHandle, to: NodeHandle): ReachOutcome =>
    lab.has('kubeProxy', groupOf(from)) ? podIP(from, to) : 'unreachable';
  return {
    podIP,
    clusterIP,
    name: (from: NodeHandle, to: NodeHandle, dns: NodeHandle): ReachOutcome => {
      const lookup = clusterIP(from, dns);
      return lookup === 'reachable' ? clusterIP(from, to) : lookup;
    },
    address: (from: NodeHandle, to: NodeHandle): ReachOutcome => {
      if (carried(from, to)) return 'reachable';
      // on a LAN with the same prefix another host may have the address, or nobody answers for it
      const namesake = lab.nodes().some((node) => node.segment === from.segment && node.address === to.address);
      return lab.way(from.name, to.name) === 'shadowed' && !namesake ? 'timeout' : 'unreachable';
    },
  };
};
