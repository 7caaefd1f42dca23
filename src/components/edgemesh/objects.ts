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

/** A program's account, what it may read, and its configuration file `<name>.yaml`, all called after it. */
export const programObjects = (name: string, resources: readonly string[], config: string): Manifest[] => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
    rules: [
      { apiGroups: [''], resources, verbs: readOnly },
      { apiGroups: [istioGroup], resources: ['*'], verbs: readOnly },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { [`${name}.yaml`]: config } },
];

/** `config` is the text of the agents' configuration file; edgeCNI reads the podCIDR of its node, which the published rights leave out. */
export const edgemeshObjects = (config: string, { cni }: { cni: boolean }): Manifest[] => [
  ...['DestinationRule', 'Gateway', 'VirtualService'].map(istioKind),
  ...programObjects(agentName, ['services', 'endpoints', 'pods', 'namespaces', ...(cni ? ['nodes'] : [])], config),
];
