/** What a program may do in the cluster: its account, and roles that are called after it. */
import type { Manifest } from './manifest.ts';

const api = 'rbac.authorization.k8s.io';

/** One rule of a role (`PolicyRule` of rbac.authorization.k8s.io/v1). */
export type Rule = { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] };

/** Words with a space between them: `rule('apps', 'daemonsets deployments', 'get list')`; the core group is ''. */
export const rule = (group: string, resources: string, verbs: string, resourceNames?: string[]): Rule => ({
  ...{ apiGroups: [group], resources: resources.split(' '), verbs: verbs.split(' ') },
  ...(resourceNames && { resourceNames }),
});

/** What it may do in the whole cluster, and what in its own namespace only. */
type Rights = { everywhere?: readonly Rule[]; atHome?: readonly Rule[] };

/** All of them have `metadata`, in the order in which they are made. */
export const accountWith = (
  metadata: { name: string; namespace: string; labels?: Manifest },
  { everywhere, atHome }: Rights,
): Manifest[] => {
  const { name, namespace } = metadata;
  const { namespace: _, ...clusterWide } = metadata;
  const grant = (kind: 'ClusterRole' | 'Role', rules: readonly Rule[] = []): Manifest[] => {
    const meta = kind === 'Role' ? metadata : clusterWide;
    if (rules.length === 0) return [];
    return [
      { apiVersion: `${api}/v1`, kind, metadata: meta, rules },
      {
        ...{ apiVersion: `${api}/v1`, kind: `${kind}Binding`, metadata: meta, roleRef: { apiGroup: api, kind, name } },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      },
    ];
  };
  return [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata }, ...grant('ClusterRole', everywhere), ...grant('Role', atHome)];
};
