/** The kinds that Calico keeps in the Kubernetes API, by name alone: what is in them is between Calico's own programs (docs/adr/0036). */
import type { Manifest } from '../manifest.ts';
import { openKind, type OpenKind } from '../open-kind.ts';

type Group = Omit<OpenKind, 'kind'> & { kinds: string[] };

/** API group of Calico's own. */
export const calicoGroup = 'crd.projectcalico.org';
/** Kinds of Kubernetes' network policy group, which Felix watches. */
export const adminPolicies = 'policy.networking.k8s.io';

const groups: readonly Group[] = [
  {
    ...{ group: calicoGroup, versions: ['v1'], scope: 'Cluster' },
    kinds: [
      ...['BGPConfiguration', 'BGPFilter', 'BGPPeer', 'BlockAffinity', 'CalicoNodeStatus', 'ClusterInformation', 'FelixConfiguration'],
      ...['GlobalNetworkPolicy', 'GlobalNetworkSet', 'HostEndpoint', 'IPAMBlock', 'IPAMConfig', 'IPAMHandle', 'IPPool', 'IPReservation'],
      ...['KubeControllersConfiguration', 'StagedGlobalNetworkPolicy', 'Tier'],
    ],
  },
  {
    ...{ group: calicoGroup, versions: ['v1'], scope: 'Namespaced' },
    kinds: ['NetworkPolicy', 'NetworkSet', 'StagedKubernetesNetworkPolicy', 'StagedNetworkPolicy'],
  },
  {
    ...{ group: adminPolicies, versions: ['v1alpha1'], scope: 'Cluster' },
    kinds: ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
    // the API server takes definitions in a group of Kubernetes' own only with a word on this
    annotations: { 'api-approved.kubernetes.io': 'unapproved, names only' },
  },
];

/** CustomResourceDefinitions. */
export const calicoKinds: readonly Manifest[] = groups.flatMap(({ kinds, ...common }) =>
  kinds.map((kind) => openKind({ ...common, kind })),
);
