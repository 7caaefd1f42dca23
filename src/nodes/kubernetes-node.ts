/** Machines that run systemd and containers; their role decides what is installed, not what they are. */
import type { ContainerRuntime, NodeRole } from '../model/lab.ts';
import { onEvery } from './machine.ts';
import type { NodeKind } from './node-kind.ts';

const withContainers = {
  privilege: 'node',
  pods: true,
  forwards: true,
  ownsRules: false,
  // IPv6 only off on the wire: what runs inside may listen on [::].
  sysctls: (name: string) => ({
    [`net.ipv6.conf.${name}.disable_ipv6`]: 1,
    ...onEvery([name], 'rp_filter', 0),
  }),
} as const;

/** With a kubelet or edgecore. */
export const kubernetesNode = (role: Exclude<NodeRole, 'host'>): NodeKind => ({ role, image: 'node', ...withContainers });

/** Without Kubernetes. */
export const containerHosts: Record<ContainerRuntime, NodeKind> = {
  containerd: { role: 'host', image: 'node', ...withContainers },
  docker: { role: 'host', image: 'docker-host', ...withContainers },
};
