/** Where KubeEdge's cloudcore answers, and who must get there: what both a topology's checks and the installation go by. */
import type { Install } from '../model/install.ts';
import type { LabNode, NodeRole } from '../model/lab.ts';

/** Ports that edges dial: the hub's websocket, certificates by HTTPS, the tunnel of `kubectl logs` and `exec`. */
export type CloudcorePorts = { hub: number; https: number; tunnel: number };

const inside: CloudcorePorts = { hub: 10_000, https: 10_002, tunnel: 10_004 };

/** Of cloudcore itself in its node's network; else of the Service that keadm's chart makes: NodePorts from 30000 on. */
export const cloudcorePorts = ({ kubeedge }: Install): CloudcorePorts =>
  kubeedge?.expose === 'node-port' ? { hub: 30_000, https: 30_002, tunnel: 30_004 } : inside;

/** Ports of the router in front that edges dial without being told otherwise. */
export const usualCloudcorePorts = inside;

type Placed = Pick<LabNode, 'site'> & { role: NodeRole | undefined };

/** Nodes at whose address cloudcore answers: where it runs, or with NodePorts every cloud node of the control plane's site. */
export const cloudcoreNodes = <Node extends Placed>({ kubeedge }: Install, nodes: readonly Node[]): Node[] => {
  const control = nodes.find(({ role }) => role === 'control-plane');
  const workers = nodes.filter(({ role, site }) => role === 'worker' && site === control?.site);
  return [...(control ? [control] : []), ...(kubeedge?.expose === 'node-port' ? workers : [])];
};

/** True for nodes that talk to the API server themselves: workers, and edges with kube-proxy. What else runs on an edge asks the metaServer. */
export const callsApi = ({ kubeProxy }: Install, role: NodeRole | undefined): boolean =>
  role === 'worker' || (role === 'edge' && kubeProxy?.on.includes('edge') === true);
