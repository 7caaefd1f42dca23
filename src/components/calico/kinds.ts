/** The kinds that Calico keeps in the Kubernetes API, by name alone: what is in them is between Calico's own programs (docs/adr/0036). */
import type { Manifest } from '../manifest.ts';

type Group = { group: string; version: string; scope: 'Cluster' | 'Namespaced'; kinds: string[]; annotations?: Record<string, string> };

/** API group of Calico's own. */
export const calicoGroup = 'crd.projectcalico.org';
/** Kinds of Kubernetes' network policy group, which Felix watches. */
export const adminPolicies = 'policy.networking.k8s.io';

const groups: readonly Group[] = [
  {
    ...{ group: calicoGroup, version: 'v1', scope: 'Cluster' },
    kinds: [
      ...['BGPConfiguration', 'BGPFilter', 'BGPPeer', 'BlockAffinity', 'CalicoNodeStatus', 'ClusterInformation', 'FelixConfiguration'],
      ...['GlobalNetworkPolicy', 'GlobalNetworkSet', 'HostEndpoint', 'IPAMBlock', 'IPAMConfig', 'IPAMHandle', 'IPPool', 'IPReservation'],
      ...['KubeControllersConfiguration', 'StagedGlobalNetworkPolicy', 'Tier'],
    ],
  },
  {
    ...{ group: calicoGroup, version: 'v1', scope: 'Namespaced' },
    kinds: ['NetworkPolicy', 'NetworkSet', 'StagedKubernetesNetworkPolicy', 'StagedNetworkPolicy'],
  },
  {
    ...{ group: adminPolicies, version: 'v1alpha1', scope: 'Cluster' },
    kinds: ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
    // the API server takes definitions in a group of Kubernetes' own only with a word on this
    annotations: { 'api-approved.kubernetes.io': 'unapproved, names only' },
  },
];

/** `NetworkPolicy` → `networkpolicies`, `CalicoNodeStatus` → `caliconodestatuses`. */
const pluralOf = (singular: string): string => `${singular.replace(/y$/, 'ie').replace(/s$/, 'se')}s`;

const define = ({ group, version, scope, kinds, annotations }: Group): Manifest[] =>
  kinds.map((kind) => {
    const singular = kind.toLowerCase();
    const plural = pluralOf(singular);
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}`, ...(annotations && { annotations }) },
      spec: {
        ...{ group, scope, names: { kind, singular, plural, listKind: `${kind}List` } },
        versions: [{ name: version, served: true, storage: true, schema }],
      },
    };
  });

/** CustomResourceDefinitions. */
export const calicoKinds: readonly Manifest[] = groups.flatMap(define);
