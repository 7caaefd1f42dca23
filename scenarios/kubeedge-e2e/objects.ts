/** What the cases are made of; every object carries the label by which all of them are removed. */
import type { LabHandle, NodeHandle } from 'edgelab';
import { ownLabel } from './cast.ts';

/** A container as Kubernetes has it, without the image: all run the one that the lab has. */
export type Container = { name: string } & Record<string, unknown>;
export type PodSpec = { containers: Container[]; initContainers?: Container[] } & Record<string, unknown>;
/** Where an object is for. */
export type Place = { edge: string; image: string };

/** Does nothing until it is told to end. */
export const pause: Container = { name: 'pause', args: ['pause'] };

/**
 * The scheduler places it, as upstream: a pod that names its node itself reaches the edge by another message, and no upgrade of it is held.
 * No token is mounted: one asked for when its pod is gone already keeps edgecore from unmounting any other, so that no pod there ends (kubeedge#5457).
 */
const makeTemplate = ({ edge, image }: Place, app: string, { containers, initContainers = [], ...spec }: PodSpec) => ({
  metadata: { labels: { ...ownLabel, app } },
  spec: {
    nodeSelector: { 'kubernetes.io/hostname': edge },
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    ...spec,
    initContainers: initContainers.map((one) => ({ image, ...one })),
    containers: containers.map((one) => ({ image, ...one })),
  },
});

export const makePod = (place: Place, key: string, spec: PodSpec, annotations = {}): object => {
  const name = `${key}-${place.edge}`;
  const { metadata, spec: filled } = makeTemplate(place, name, spec);
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata, annotations }, spec: filled };
};

export const makeSet = (place: Place, kind: 'Deployment' | 'StatefulSet', key: string, replicas: number): object => {
  const name = `${key}-${place.edge}`;
  return {
    ...{ apiVersion: 'apps/v1', kind, metadata: { name, labels: ownLabel } },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: makeTemplate(place, name, { containers: [pause] }) },
  };
};

export const makeData = (kind: 'ConfigMap' | 'Secret', name: string): object => ({
  ...{ apiVersion: 'v1', kind, metadata: { name, labels: ownLabel } },
  [kind === 'Secret' ? 'stringData' : 'data']: { 'data-1': 'value-1' },
});

/** The image of the lab's workload: no case pulls one. */
export const readImage = async (lab: LabHandle): Promise<string> => {
  const { text } =
    await lab.kubectl`get deployments -l edgelab.io/workload -o ${'jsonpath={.items[0].spec.template.spec.containers[0].image}'}`;
  if (text === '') throw new Error('this scenario needs a workload in the topology: `workloads: { echo: { on: each-node, port: 80 } }`');
  return text;
};

/** Makes what each of these gives for each edge, in one call. */
export const applyObjects = async (
  lab: LabHandle,
  edges: readonly NodeHandle[],
  makers: readonly ((place: Place) => object[])[],
): Promise<void> => {
  const image = await readImage(lab);
  const items = edges.flatMap(({ name: edge }) => makers.flatMap((make) => make({ edge, image })));
  await lab.kubectl({ input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) })`apply --validate=false -f -`;
};
