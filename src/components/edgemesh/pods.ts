/** The pods of EdgeMesh: an agent on every node, and the gateway, all in the node's own network. */
import type { Manifest } from '../manifest.ts';
import { agentName, gatewayName, namespace, pskFolder, pskSecret } from './addresses.ts';

/** The label `kubeedge` is how an agent's socks5 proxy finds the agent of another node. */
const labelsOf = (name: string) => ({ 'k8s-app': name, kubeedge: name });

const field = (name: string, fieldPath: string): Manifest => ({ name, valueFrom: { fieldRef: { fieldPath } } });

type ProgramSettings = {
  image: string;
  /** Address of the API server, which cloud agents ask directly; edges ask their metaServer. */
  apiServer: string;
  psk: boolean;
};

const podTemplate = (name: string, { image, apiServer, psk }: ProgramSettings, more: Manifest = {}): Manifest => ({
  metadata: { labels: labelsOf(name) },
  spec: {
    ...more,
    hostNetwork: true,
    // the node's own name servers: what the cluster does not know, an edge's DNS asks there
    dnsPolicy: 'Default',
    serviceAccountName: name,
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name,
        image,
        imagePullPolicy: 'IfNotPresent',
        securityContext: { privileged: true },
        env: [
          field('NODE_NAME', 'spec.nodeName'),
          field('NAMESPACE', 'metadata.namespace'),
          // not by way of a ClusterIP, which the agent itself is about to take over
          { name: 'KUBERNETES_SERVICE_HOST', value: apiServer },
          { name: 'KUBERNETES_SERVICE_PORT', value: '6443' },
        ],
        // no CPU limit: throttled, it answers its peers too late
        resources: { requests: { cpu: '10m', memory: '64Mi' } },
        volumeMounts: [
          { name: 'config', mountPath: '/etc/edgemesh/config', readOnly: true },
          ...(psk ? [{ name: 'psk', mountPath: pskFolder, readOnly: true }] : []),
        ],
      },
    ],
    volumes: [{ name: 'config', configMap: { name } }, ...(psk ? [{ name: 'psk', secret: { secretName: pskSecret } }] : [])],
  },
});

/** An agent on every node of the cluster, cloud and edge. */
export const agentDaemonSet = (settings: ProgramSettings): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: agentName, namespace, labels: labelsOf(agentName) },
  spec: { selector: { matchLabels: labelsOf(agentName) }, template: podTemplate(agentName, settings) },
});

/** One gateway, on the node of that name. */
export const gatewayDeployment = (settings: ProgramSettings, node: string): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: gatewayName, namespace, labels: labelsOf(gatewayName) },
  spec: {
    replicas: 1,
    // its ports are the node's: the old one has to go first
    strategy: { type: 'Recreate' },
    selector: { matchLabels: labelsOf(gatewayName) },
    template: podTemplate(gatewayName, settings, { nodeSelector: { 'kubernetes.io/hostname': node } }),
  },
});
