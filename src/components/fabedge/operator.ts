/** FabEdge's operator: from nodes and Communities it makes certificates, tunnel configurations and the agents' pods. */
import type { Lab } from '../../model/lab.ts';
import type { Manifest } from '../manifest.ts';
import { controlPlane, kubernetesOf } from '../step.ts';
import { apiServerEnv, connectorLabel, fabedgeImage, namespace, publicAddress, strongswanImage } from './names.ts';

/**
 * Options of every agent, as `AGENT_ARG_<NAME>`. Periods are short for a lab: FabEdge's own 30 s between two looks at the
 * tunnels and 10 s for a first answer make the first packet late. The time-out stays below the period, so that two looks
 * do not overlap.
 */
const agentSettings = {
  ENABLE_PROXY: 'true',
  ENABLE_DNS: 'true',
  MASQ_OUTGOING: 'true',
  ENABLE_HAIRPINMODE: 'true',
  SYNC_PERIOD: '5s',
  TUNNEL_INIT_TIMEOUT: '4',
  LOG_LEVEL: '3',
};

const operatorArgs = (lab: Lab): string[] => {
  const { podSubnet, serviceSubnet } = kubernetesOf(lab);
  return [
    `--cluster=${lab.name}`,
    '--cluster-role=host',
    '--cni-type=flannel',
    `--namespace=${namespace}`,
    '--edge-labels=node-role.kubernetes.io/edge=',
    `--cluster-cidr=${podSubnet}`,
    `--connector-subnets=${serviceSubnet}`,
    `--connector-public-addresses=${publicAddress(lab)}`,
    '--connector-config-sync-interval=1s',
    '--endpoint-id-format=C=CN, O=fabedge.io, CN={node}',
    `--agent-image=${fabedgeImage(lab, 'agent')}`,
    `--agent-strongswan-image=${strongswanImage}`,
    '--api-server-cert-file=/etc/fabedge/tls.crt',
    '--api-server-key-file=/etc/fabedge/tls.key',
    '-v=3',
  ];
};

export const operatorDeployment = (lab: Lab): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'fabedge-operator', namespace, labels: { app: 'fabedge-operator' } },
  spec: {
    replicas: 1,
    strategy: { type: 'Recreate' },
    selector: { matchLabels: { app: 'fabedge-operator' } },
    template: {
      metadata: { labels: { app: 'fabedge-operator' } },
      spec: {
        // an ordinary pod beside the connector, which looks for flannel's bridge, and that is made for the first such pod
        nodeSelector: { [connectorLabel]: '' },
        serviceAccountName: 'fabedge-operator',
        containers: [
          {
            name: 'operator',
            image: fabedgeImage(lab, 'operator'),
            args: operatorArgs(lab),
            env: [
              ...apiServerEnv(controlPlane(lab).address),
              ...Object.entries(agentSettings).map(([name, value]) => ({ name: `AGENT_ARG_${name}`, value })),
            ],
            volumeMounts: [{ name: 'tls', mountPath: '/etc/fabedge', readOnly: true }],
          },
        ],
        volumes: [{ name: 'tls', secret: { secretName: 'api-server-tls' } }],
      },
    },
  },
});

/** What the agents' proxy and DNS ask KubeEdge's metaServer for, and cloudcore may not read by itself. */
export const metaServerRole: Manifest = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'fabedge-metaserver', labels: { 'rbac/aggregate-to-cloudcore': 'true' } },
  rules: [{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] }],
};
