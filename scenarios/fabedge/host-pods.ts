/** Echo servers in the network of their nodes, as FabEdge's own suite has them, and headless Services of ordinary pods. */
import type { LabHandle, NameTarget } from 'edgelab';
import { cast } from './cast.ts';

export const hostWorkload = 'host-echo';
const headless = 'headless';
/** Of no other server on a node. */
const port = 18_080;
const ours = { 'edgelab.io/scenario': 'fabedge-e2e' };

type Objects = Record<string, unknown>[];

const hostObjects = (node: string, image: string): Objects => {
  const labels = { app: hostWorkload, 'edgelab.io/node': node };
  const metadata = { name: `${hostWorkload}-${node}`, labels: { ...labels, ...ours } };
  const container = {
    ...{ name: 'echo', image, args: ['netexec', `--http-port=${String(port)}`, `--udp-port=${String(port)}`] },
    ports: [{ name: 'http', containerPort: port }],
  };
  return [
    {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata },
      spec: {
        ...{ nodeName: node, hostNetwork: true, automountServiceAccountToken: false, terminationGracePeriodSeconds: 1 },
        containers: [container],
      },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: port }] } },
  ];
};

/** Its name means the pods themselves. */
const headlessService = (workload: string, node: string): Objects[number] => ({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: `${headless}-${node}`, labels: ours } },
  spec: { clusterIP: 'None', selector: { app: workload, 'edgelab.io/node': node }, ports: [{ name: 'http', port: 80 }] },
});

export const headlessName = (lab: LabHandle, node: string): NameTarget => ({
  kind: 'name',
  of: { kind: 'service', service: `${headless}-${node}`, namespace: 'default', on: node, workload: cast(lab).workload },
});

/** Resolves when every one of them answers for itself. */
export const makeHostPods = async (lab: LabHandle): Promise<void> => {
  const { workload, edges, clouds } = cast(lab);
  const { stdout: image } = await lab.kubectl`get pods -l ${`app=${workload}`} -o ${'jsonpath={.items[0].spec.containers[0].image}'}`;
  const items = [
    ...[...edges, ...clouds].flatMap(({ name }) => hostObjects(name, image)),
    ...edges.map(({ name }) => headlessService(workload, name)),
  ];
  await lab.kubectl({ input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) })`apply -f -`;
  await lab.kubectl({ timeout: '120s' })`wait pods -l ${`app=${hostWorkload}`} --for=condition=Ready --timeout=115s`;
};

export const removeHostPods = (lab: LabHandle): Promise<unknown> =>
  lab.kubectl`delete pods,services -l ${'edgelab.io/scenario=fabedge-e2e'} --ignore-not-found --wait=false`;
