/** FabEdge's operator: from nodes and Communities it makes certificates, tunnel configurations and the agents' pods. */
import type { Lab } from '../../model/lab.ts';
import type { Manifest } from '../manifest.ts';
import { controlPlane, edgeNodes, kubernetesOf } from '../step.ts';
import { apiServerEnv, connectorLabel, fabedgeImage, fabedgeOf, namespace, strongswanImage } from './names.ts';

/** How long an agent waits for a tunnel that does not come, in seconds; upstream 10. */
const patience = 2;

/** Seconds between two looks of an agent at its tunnels, at which it tries again what is missing. */
export const agentPeriod = (lab: Lab): number => Math.max(5, patience * edgeNodes(lab).length + 1);

/**
 * Options of every agent, as `AGENT_ARG_<NAME>`. Periods are short for a lab, but an agent begins to look again even while it still waits
 * for peers that nobody answers for: each such wait holds a thread of charon, which has 16, so a look must be over when the next begins.
 */
const agentSettings = (lab: Lab) => ({
  ENABLE_PROXY: 'true',
  ENABLE_DNS: 'true',
  MASQ_OUTGOING: 'true',
  ENABLE_HAIRPINMODE: 'true',
  SYNC_PERIOD: `${String(agentPeriod(lab))}s`,
  TUNNEL_INIT_TIMEOUT: String(patience),
  LOG_LEVEL: '3',
});

/** Where IKE begins (RFC 7296 section 2); once a NAT is noticed it goes on at 4500. */
const ikePort = 500;

const operatorArgs = (lab: Lab): string[] => {
  const { podSubnet, serviceSubnet } = kubernetesOf(lab);
  const { entrance, mediator } = fabedgeOf(lab);
  return [
    `--cluster=${lab.name}`,
    '--cluster-role=host',
    '--cni-type=flannel',
    `--namespace=${namespace}`,
    '--edge-labels=node-role.kubernetes.io/edge=',
    `--cluster-cidr=${podSubnet}`,
    `--connector-subnets=${serviceSubnet}`,
    `--connector-public-addresses=${entrance.address}`,
    // with another port edges go from their 4500 to it at once, instead of from 500 to 500 first
    ...(entrance.port === ikePort ? [] : [`--connector-public-port=${entrance.port}`]),
    ...(mediator ? ['--connector-as-mediator=true'] : []),
    '--connector-config-sync-interval=1s',
    '--endpoint-id-format=C=CN, O=fabedge.io, CN={node}',
    `--agent-image=${fabedgeImage(lab, 'agent')}`,
    `--agent-strongswan-image=${strongswanImage}`,
    '--api-server-cert-file=/etc/fabedge/tls.crt',
    '--api-server-key-file=/etc/fabedge/tls.key',
    '-v=3',
  ];
};

/** On the connector's node. The options of the agents' pods are in its environment (`AGENT_ARG_<NAME>`). */
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
              ...Object.entries(agentSettings(lab)).map(([name, value]) => ({ name: `AGENT_ARG_${name}`, value })),
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
