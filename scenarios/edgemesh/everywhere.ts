/** One plain Service whose endpoints are all instances of the workload, and what else these scenarios put into the cluster. */
import type { LabHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';

export const everywhere = 'edgemesh-everywhere';
const labels = { 'edgelab.io/scenario': 'edgemesh' };
const kinds = 'services,destinationrules,gateways,virtualservices';

export type Item = { apiVersion: string; kind: string; metadata: { name: string }; spec: Record<string, unknown> };

/** An object of Istio's group in the version that EdgeMesh watches. */
export const istio = (kind: 'DestinationRule' | 'Gateway' | 'VirtualService', name: string, spec: Record<string, unknown>): Item => ({
  ...{ apiVersion: 'networking.istio.io/v1alpha3', kind, metadata: { name }, spec },
});

export const apply = (lab: LabHandle, ...items: Item[]): Promise<unknown> => {
  const marked = items.map((item) => ({ ...item, metadata: { ...item.metadata, labels } }));
  return lab.kubectl({ input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: marked }) })`apply -f -`;
};

export const removeAdded = (lab: LabHandle): Promise<unknown> =>
  lab.kubectl`delete ${kinds} -l edgelab.io/scenario=edgemesh --ignore-not-found --wait=false`;

/** Gives its ClusterIP. */
export const makeEverywhere = async (lab: LabHandle): Promise<string> => {
  const { workload, port } = cast(lab);
  const spec = { selector: { app: workload }, ports: [{ name: 'http', port, targetPort: port }] };
  await apply(lab, { apiVersion: 'v1', kind: 'Service', metadata: { name: everywhere }, spec });
  const { services } = await lab.cluster();
  return services.find(({ name }) => name === everywhere)?.clusterIP ?? '';
};
