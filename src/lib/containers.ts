/** Which nodes run containers. */
import type { ContainerRuntime, NodeRole } from '../model/lab.ts';

type Roles = { role: NodeRole | undefined; runtime?: ContainerRuntime };

/** Nodes of a cluster always do, hosts where they have a runtime; nobody knows of a node without a role. */
export const runsContainers = ({ role, runtime }: Roles): boolean => role !== undefined && (role !== 'host' || runtime !== undefined);

/** A host that does: containers without Kubernetes. */
export const isContainerHost = (node: Roles): boolean => node.role === 'host' && runsContainers(node);
