/** What EdgeMesh finds in the cluster before its agents start: three Istio kinds, its rights and its configuration. */
import type { Manifest } from '../manifest.ts';
import { agentName, namespace } from './addresses.ts';

const istioGroup = 'networking.istio.io';

/** Agents watch these kinds and do not start without them; what they say is left to whoever writes one. */
const istioKind = (kind: string): Manifest => {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const version = (name: string, storage: boolean) => ({
    name,
    served: true,
    storage,
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${istioGroup}` },
    spec: {
      group: istioGroup,
      names: { kind, singular, plural, listKind: `${kind}List` },
      scope: 'Namespaced',
      versions: [version('v1alpha3', true), version('v1beta1', false)],
    },
  };
};

const readOnly = ['get', 'list', 'watch'];

const clusterRole = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: agentName },
  rules: [
    { apiGroups: [''], resources: ['services', 'endpoints', 'pods', 'namespaces'], verbs: readOnly },
    { apiGroups: [istioGroup], resources: ['*'], verbs: readOnly },
  ],
};

const clusterRoleBinding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: agentName },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: agentName },
  subjects: [{ kind: 'ServiceAccount', name: agentName, namespace }],
};

/** `config` is the text of the agents' configuration file. */
export const edgemeshObjects = (config: string): Manifest[] => [
  ...['DestinationRule', 'Gateway', 'VirtualService'].map(istioKind),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: agentName, namespace } },
  clusterRole,
  clusterRoleBinding,
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: agentName, namespace },
    data: { 'edgemesh-agent.yaml': config },
  },
];
