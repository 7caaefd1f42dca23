/** The accounts of Calico's programs and what they may do, as in its own manifest (`calico-node-rbac.yaml`). */
import type { Manifest } from '../manifest.ts';
import { adminPolicies, calicoGroup } from './kinds.ts';

const namespace = 'kube-system';

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] };

const rule = (group: string, resources: string, verbs: string): Rule => ({
  apiGroups: [group],
  resources: resources.split(' '),
  verbs: verbs.split(' '),
});

/** In its own manifest these are listed kind by kind; both accounts are a lab's own. */
const everythingOfCalico = rule(calicoGroup, '*', 'get list watch create update delete');

const rules: Record<'calico-node' | 'calico-cni-plugin', Rule[]> = {
  'calico-node': [
    { ...rule('', 'serviceaccounts/token', 'create'), resourceNames: ['calico-cni-plugin'] },
    rule('', 'pods nodes namespaces serviceaccounts endpoints services configmaps', 'get list watch'),
    rule('', 'nodes/status pods/status', 'patch update'),
    rule('discovery.k8s.io', 'endpointslices', 'list watch'),
    rule('networking.k8s.io', 'networkpolicies', 'list watch'),
    rule(adminPolicies, 'adminnetworkpolicies baselineadminnetworkpolicies', 'list watch'),
    rule('apps', 'daemonsets', 'get'),
    everythingOfCalico,
  ],
  'calico-cni-plugin': [rule('', 'pods nodes namespaces', 'get'), rule('', 'pods/status', 'patch'), everythingOfCalico],
};

/** Accounts, roles and bindings. */
export const calicoRights: readonly Manifest[] = Object.entries(rules).flatMap(([name, own]): Manifest[] => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules: own },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  },
]);
