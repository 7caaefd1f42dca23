/** The accounts of Calico's programs and what they may do, as in its own manifest (`calico-node-rbac.yaml`). */
import { accountWith, rule, type Rule } from '../account.ts';
import type { Manifest } from '../manifest.ts';
import { adminPolicies, calicoGroup } from './kinds.ts';

const namespace = 'kube-system';

/** In its own manifest these are listed kind by kind; both accounts are a lab's own. */
const everythingOfCalico = rule(calicoGroup, '*', 'get list watch create update delete');

const rules: Record<'calico-node' | 'calico-cni-plugin', Rule[]> = {
  'calico-node': [
    rule('', 'serviceaccounts/token', 'create', ['calico-cni-plugin']),
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
export const calicoRights: readonly Manifest[] = Object.entries(rules).flatMap(([name, everywhere]) =>
  accountWith({ name, namespace }, { everywhere }),
);
