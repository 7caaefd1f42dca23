/** Kubernetes objects as text. JSON, which every reader of manifests takes, so no YAML writer is needed here. */

/** A Kubernetes object, as JSON. */
export type Manifest = Record<string, unknown>;

/** JSON over several lines, with a final line end. */
export const toText = (document: Manifest): string => `${JSON.stringify(document, undefined, 2)}\n`;

/** All of them in one `List`, which kubectl makes in their order. */
export const toList = (items: readonly Manifest[]): string => toText({ apiVersion: 'v1', kind: 'List', items });

/** Several documents in one file, separated as YAML readers expect. */
export const toDocuments = (documents: Manifest[]): string => documents.map(toText).join('---\n');

/** Required node affinity: all expressions must hold. */
export const requireNodes = (...matchExpressions: { key: string; operator: string; values?: string[] }[]): Manifest => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
  },
});

const linux = { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] };
/** keadm gives it to every edge. */
export const edgeLabel = 'node-role.kubernetes.io/edge';

/** Anywhere but on edges: what keeps cloud DaemonSets off edge nodes. */
export const notOnEdges = requireNodes(linux, { key: edgeLabel, operator: 'DoesNotExist' });
/** On edges and nowhere else. */
export const onEdgesOnly = requireNodes(linux, { key: edgeLabel, operator: 'Exists' });
