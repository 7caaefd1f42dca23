/** What a node's role means for its container. */
import type { ImageName } from '../model/image.ts';
import type { NodeRole } from '../model/lab.ts';
import type { Privilege } from '../model/plan.ts';
import type { Sysctls } from './machine.ts';

/** What all nodes of a role have in common, or all hosts with one runtime. */
export type NodeKind = {
  role: NodeRole;
  image: ImageName;
  privilege: Privilege;
  /** It runs Kubernetes pods, so it gets the shared image store. */
  pods: boolean;
  /** True where pods' packets pass through it. */
  forwards: boolean;
  /** True where edgelab alone sets nftables rules; else only Docker's own are taken away. */
  ownsRules: boolean;
  sysctls(interfaceName: string): Sysctls;
};
