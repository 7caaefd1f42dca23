/** Which component is the pod network of the cloud, and from where it gives pods their addresses. */
import type { Cidr } from '../model/address.ts';
import type { Install } from '../model/install.ts';
import { formatIpv4, subnetOf } from './ip.ts';

/** Words of `install:` that can be the pod network of the cloud nodes. */
export const podNetworks = ['flannel', 'calico', 'weave'] as const;

/** Those a topology asks for; one in a lab that can work, none without Kubernetes. */
export const podNetworksOf = (install: Install): (typeof podNetworks)[number][] => podNetworks.filter((one) => install[one] !== undefined);

/** Whether pods of the cloud have addresses that do not tell their node. */
export const hasOwnRange = ({ calico, weave }: Install): boolean => calico !== undefined || weave !== undefined;

/**
 * What Calico and Weave, which know nothing of podCIDRs, give addresses from: the upper half of the pod subnet. Kubernetes
 * hands out podCIDRs from below, and those of edges are in use.
 */
export const ownRange = (podSubnet: Cidr): Cidr => {
  const { network, broadcast, prefix } = subnetOf(podSubnet);
  return `${formatIpv4(network + (broadcast - network + 1) / 2)}/${String(prefix + 1)}`;
};
