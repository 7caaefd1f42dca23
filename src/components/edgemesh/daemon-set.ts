/** The agents of EdgeMesh: one on every node, in the node's own network. */
import type { Manifest } from '../manifest.ts';
import { agentName, namespace, pskFolder, pskSecret } from './addresses.ts';

/** The label `kubeedge` is how an agent's socks5 proxy finds the agent of another node. */
const labels = { 'k8s-app': agentName, kubeedge: agentName };

const field = (name: string, fieldPath: string): Manifest => ({ name, valueFrom: { fieldRef: { fieldPath } } });

export type AgentSettings = {
  image: string;
  /** Address of the API server, which cloud agents ask directly; edges ask their metaServer. */
  apiServer: string;
  psk: boolean;
};

export const agentDaemonSet = ({ image, apiServer, psk }: AgentSettings): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: agentName, namespace, labels },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        hostNetwork: true,
        // the node's own name servers: what the cluster does not know, an edge's DNS asks there
        dnsPolicy: 'Default',
        serviceAccountName: agentName,
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: agentName,
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
        volumes: [{ name: 'config', configMap: { name: agentName } }, ...(psk ? [{ name: 'psk', secret: { secretName: pskSecret } }] : [])],
      },
    },
  },
});
