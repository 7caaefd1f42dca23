/** FabEdge in the cloud: the connector at which all tunnels end, and on the other nodes an agent that routes to it. */
import type { Lab } from '../../model/lab.ts';
import { accountWith, rule } from '../account.ts';
import { edgeLabel, requireNodes, type Manifest } from '../manifest.ts';
import { controlPlane } from '../step.ts';
import { apiServerEnv, connectorLabel, connectorNode, fabedgeImage, namespace, strongswanImage } from './names.ts';

// several connectors choose the one that works by a lease
const connectorAccount = accountWith({ name: 'fabedge-connector', namespace }, { atHome: [rule('coordination.k8s.io', 'leases', '*')] });

const podAddress = { name: 'MY_POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } };
const certificates = { name: 'ipsec-d', mountPath: '/etc/ipsec.d', readOnly: true };
const runFolder = { name: 'var-run', mountPath: '/var/run' };

const connectorDeployment = (lab: Lab): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'fabedge-connector', namespace, labels: { app: 'fabedge-connector' } },
  spec: {
    replicas: 1,
    strategy: { type: 'Recreate' },
    selector: { matchLabels: { app: 'fabedge-connector' } },
    template: {
      metadata: { labels: { app: 'fabedge-connector' } },
      spec: {
        nodeSelector: { [connectorLabel]: '' },
        hostNetwork: true,
        serviceAccountName: 'fabedge-connector',
        terminationGracePeriodSeconds: 5,
        containers: [
          {
            name: 'strongswan',
            image: strongswanImage,
            securityContext: { privileged: true },
            volumeMounts: [runFolder, certificates],
          },
          {
            name: 'connector',
            image: fabedgeImage(lab, 'connector'),
            args: [
              '--cni-type=flannel',
              // Not shorter: the other nodes' agents act on what it tells them only when it was silent for 10 s.
              '--sync-period=12s',
              '--debounce-duration=1s',
              `--connector-node-addresses=${connectorNode(lab).address}`,
              '-v=3',
            ],
            securityContext: { privileged: true },
            env: [...apiServerEnv(controlPlane(lab).address), { name: 'NAMESPACE', value: namespace }, podAddress],
            volumeMounts: [runFolder, certificates, { name: 'connector-config', mountPath: '/etc/fabedge' }],
          },
        ],
        volumes: [
          { name: 'var-run', emptyDir: {} },
          { name: 'connector-config', configMap: { name: 'connector-config' } },
          {
            name: 'ipsec-d',
            secret: {
              secretName: 'connector-tls',
              items: [
                { key: 'ca.crt', path: 'cacerts/ca.crt' },
                { key: 'tls.crt', path: 'certs/tls.crt' },
                { key: 'tls.key', path: 'private/tls.key' },
              ],
            },
          },
        ],
      },
    },
  },
});

const elsewhereInTheCloud = requireNodes({ key: edgeLabel, operator: 'DoesNotExist' }, { key: connectorLabel, operator: 'DoesNotExist' });

const cloudAgentDaemonSet = (lab: Lab): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'fabedge-cloud-agent', namespace, labels: { app: 'fabedge-cloud-agent' } },
  spec: {
    selector: { matchLabels: { app: 'fabedge-cloud-agent' } },
    template: {
      metadata: { labels: { app: 'fabedge-cloud-agent' } },
      spec: {
        affinity: elsewhereInTheCloud,
        hostNetwork: true,
        terminationGracePeriodSeconds: 5,
        containers: [
          {
            name: 'cloud-agent',
            image: fabedgeImage(lab, 'cloud-agent'),
            args: [`--connector-node-addresses=${connectorNode(lab).address}`, '-v=5'],
            securityContext: { privileged: true },
            env: [podAddress],
          },
        ],
      },
    },
  },
});

/** To be created when the operator has made `connector-config` and `connector-tls`, which the connector mounts. */
export const cloudManifests = (lab: Lab): Manifest[] => [...connectorAccount, connectorDeployment(lab), cloudAgentDaemonSet(lab)];
