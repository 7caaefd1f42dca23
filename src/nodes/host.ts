/** A plain computer: no Kubernetes, no systemd, only network tools. */
import { onEvery, withoutIpv6 } from './machine.ts';
import type { NodeKind } from './node-kind.ts';

/** A host without a container runtime. */
export const host: NodeKind = {
  role: 'host',
  image: 'router',
  privilege: 'router',
  pods: false,
  forwards: false,
  ownsRules: true,
  sysctls: (name) => ({ ...withoutIpv6, ...onEvery([name], 'rp_filter', 0) }),
};
