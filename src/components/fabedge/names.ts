/** Names and fixed values of a FabEdge installation, shared by its manifests, its waits and whoever reads its tunnels. */
import type { Lab, LabNode } from '../../model/lab.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { allNodes } from '../step.ts';

/** Of all its objects but the cluster-wide ones. */
export const namespace = 'fabedge';

/** Where the DNS server inside each edge's agent listens (`dns-bind-ip`). */
export const edgeDnsAddress = '169.254.25.10';

/** Where the operator's image keeps the CRDs and the RBAC of the pinned module. */
export const manifestsFolder = 'usr/share/edgelab/manifests/fabedge';

/** Version of the strongSwan in images/strongswan. */
const strongswanVersion = '6.0.1';

type FabEdge = NonNullable<Lab['install']['fabedge']>;

/** Throws where FabEdge is not installed: its steps are planned only where it is. */
export const fabedgeOf = (lab: Lab): FabEdge => {
  if (!lab.install.fabedge) throw new Error('FabEdge was planned for a lab that does not install it');
  return lab.install.fabedge;
};

/** The node at which the tunnels end; the topology's check guarantees it. */
export const connectorNode = (lab: Lab): LabNode => {
  const { connector } = fabedgeOf(lab);
  const node = allNodes(lab).find(({ name }) => name === connector);
  if (!node) throw new Error(`FabEdge was planned with a connector "${connector}" that is no node`);
  return node;
};

/** Name of a tunnel's end, `<cluster>.<node>`: it is in certificates, SAs and Communities. The cluster has the lab's name. */
export const endpointName = (lab: Lab, node: string): string => `${lab.name}.${node}`;

/** `edgelab/fabedge-operator:v1.0.0`. */
export const fabedgeImage = (lab: Lab, program: 'operator' | 'connector' | 'agent' | 'cloud-agent'): string =>
  `${imageRepository}/fabedge-${program}:v${fabedgeOf(lab).version}`;

/** charon and swanctl, beside connector and agents; its version is not FabEdge's. */
export const strongswanImage = `${imageRepository}/strongswan:v${strongswanVersion}`;

/** Settings by which a client in a pod finds the API server itself, so that nothing waits for kube-proxy's rules. */
export const apiServerEnv = (address: string): { name: string; value: string }[] => [
  { name: 'KUBERNETES_SERVICE_HOST', value: address },
  { name: 'KUBERNETES_SERVICE_PORT', value: '6443' },
];

/** Label of the node at which the tunnels end. */
export const connectorLabel = 'node-role.kubernetes.io/connector';
