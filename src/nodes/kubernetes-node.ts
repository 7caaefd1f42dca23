/** A machine that runs systemd and a kubelet or edgecore; its role decides what is installed, not what it is. */
import type { NodeRole } from '../model/lab.ts';
import { announced, onEvery } from './machine.ts';
import type { NodeKind } from './node-kind.ts';

export const kubernetesNode = (role: Exclude<NodeRole, 'host'>): NodeKind => ({
  role,
  image: 'node',
  privilege: 'node',
  pods: true,
  forwards: true,
  ownsRules: false,
  // IPv6 only off on the wire: what runs inside may listen on [::].
  sysctls: (name) => ({ [`net.ipv6.conf.${name}.disable_ipv6`]: 1, ...onEvery([name], 'rp_filter', 0), ...announced([name]) }),
});
