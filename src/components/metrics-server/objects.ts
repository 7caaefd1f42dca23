/** metrics-server as Kubernetes objects: what its own manifest has, with the image of edgelab and its shortest resolution. */
import { notOnEdges, type Manifest } from '../manifest.ts';

const namespace = 'kube-system';
const name = 'metrics-server';
const labels = { 'k8s-app': name };
const metadata = { name, namespace, labels };
const rbac = 'rbac.authorization.k8s.io';
const subjects = [{ kind: 'ServiceAccount', name, namespace }];

const binding = (
  kind: 'RoleBinding' | 'ClusterRoleBinding',
  bound: string,
  role: { kind: 'Role' | 'ClusterRole'; name: string },
): Manifest => ({
  apiVersion: `${rbac}/v1`,
  kind,
  metadata: { name: bound, labels, ...(kind === 'RoleBinding' ? { namespace } : {}) },
  roleRef: { apiGroup: rbac, ...role },
  subjects,
});

const rights: Manifest[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name: `system:${name}`, labels },
    rules: [
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
    ],
  },
  binding('ClusterRoleBinding', `system:${name}`, { kind: 'ClusterRole', name: `system:${name}` }),
  binding('ClusterRoleBinding', `${name}:system:auth-delegator`, { kind: 'ClusterRole', name: 'system:auth-delegator' }),
  binding('RoleBinding', `${name}-auth-reader`, { kind: 'Role', name: 'extension-apiserver-authentication-reader' }),
];

const deployment = (image: string): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata,
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: name,
        priorityClassName: 'system-cluster-critical',
        // an edge has no way to the API server, and only cloud nodes have the rule into cloudcore's tunnel
        affinity: notOnEdges,
        tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
        containers: [
          {
            name,
            image,
            args: [
              '--cert-dir=/tmp',
              '--secure-port=10250',
              '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
              // the port of an edge is the one that cloudcore put there
              '--kubelet-use-node-status-port',
              '--metric-resolution=10s',
              '--kubelet-request-timeout=8s',
              // kubelets sign their own certificates, and cloudcore answers for an edge with its own
              '--kubelet-insecure-tls',
            ],
            ports: [{ name: 'https', containerPort: 10_250, protocol: 'TCP' }],
            readinessProbe: { httpGet: { path: '/readyz', port: 'https', scheme: 'HTTPS' }, periodSeconds: 2, failureThreshold: 3 },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              runAsUser: 1000,
            },
            volumeMounts: [{ name: 'tmp-dir', mountPath: '/tmp' }],
          },
        ],
        volumes: [{ name: 'tmp-dir', emptyDir: {} }],
      },
    },
  },
});

const api: Manifest[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: labels, ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }] },
  },
  {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io', labels },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { name, namespace },
    },
  },
];

/** For `kubectl create`, all at once. */
export const metricsServerObjects = (image: string): Manifest[] => [...rights, deployment(image), ...api];
