/** CustomResourceDefinitions by name alone: what is in such an object is between the programs that write and read it. */
import type { Manifest } from './manifest.ts';

/** A kind of objects and where it is served. */
export type OpenKind = {
  group: string;
  /** Served all; the first one is stored. */
  versions: readonly string[];
  scope: 'Cluster' | 'Namespaced';
  /** `NetworkPolicy` */
  kind: string;
  annotations?: Record<string, string>;
};

/** `networkpolicy` → `networkpolicies`, `gateway` → `gateways`, `caliconodestatus` → `caliconodestatuses`. */
const pluralOf = (singular: string): string => `${singular.replace(/(?<![aeiou])y$/, 'ie').replace(/s$/, 'se')}s`;

/** With a schema that lets every field pass. */
export const openKind = ({ group, versions, scope, kind, annotations }: OpenKind): Manifest => {
  const singular = kind.toLowerCase();
  const plural = pluralOf(singular);
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, ...(annotations && { annotations }) },
    spec: {
      ...{ group, scope, names: { kind, singular, plural, listKind: `${kind}List` } },
      versions: versions.map((name, index) => ({ name, served: true, storage: index === 0, schema })),
    },
  };
};
