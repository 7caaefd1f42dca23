/** Pods and Services as the API server lists them, asked through kubectl on the control-plane node. */
import type { Engine } from '../engine/engine.ts';
import { adminKubeconfig } from '../lib/kubeadm.ts';
import { LabError } from '../lib/lab-error.ts';
import type { Ipv4 } from '../model/address.ts';

/** A pod as the API server has it. */
export type Pod = {
  namespace: string;
  name: string;
  node: string;
  /** Absent until the pod has a sandbox. */
  ip?: Ipv4;
  hostNetwork: boolean;
  /** True when all its containers are ready. */
  ready: boolean;
  labels: Record<string, string>;
  /** First declared port of its first container. */
  port?: number;
};

/** A Service with a ClusterIP; `port` is its first. */
export type Service = { namespace: string; name: string; clusterIP: Ipv4; port: number };

/** All of them, in all namespaces. */
export type Cluster = { pods: Pod[]; services: Service[] };

const fields = [
  '.kind',
  '.metadata.namespace',
  '.metadata.name',
  '.spec.nodeName',
  '.status.podIP',
  '.spec.hostNetwork',
  '.status.conditions[?(@.type=="Ready")].status',
  '.spec.containers[0].ports[0].containerPort',
  '.spec.clusterIP',
  '.spec.ports[0].port',
  '.metadata.labels',
];
const template = `{range .items[*]}${fields.map((field) => `{${field}}`).join('{"\\t"}')}{"\\n"}{end}`;

/** `container`: the one where kubectl works. */
type ClusterSite = { engine: Engine; lab: string; container: string; signal: AbortSignal };

/** One call for all of it; throws SCEN003 with kubectl's words when the API server does not answer. */
export const readCluster = async ({ engine, lab, container, signal }: ClusterSite): Promise<Cluster> => {
  const argv = ['kubectl', 'get', 'pods,services', '-A', '-o', `jsonpath=${template}`];
  const { code, stdout, stderr } = await engine.exec(lab, container, argv, {
    env: { KUBECONFIG: adminKubeconfig },
    timeoutSeconds: 20,
    signal,
  });
  if (code !== 0)
    throw new LabError('SCEN003', 'the API server did not list pods and Services', {
      command: 'kubectl get pods,services -A',
      outputTail: stderr.trim(),
    });
  return parseCluster(stdout);
};

/** Lines of tab-separated fields in the order of `fields`. */
export const parseCluster = (text: string): Cluster => {
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  return {
    pods: rows.filter(([kind]) => kind === 'Pod').map(readPod),
    services: rows.filter(([kind]) => kind === 'Service').map(readService),
  };
};

const readPod = ([, namespace = '', name = '', node = '', ip = '', host = '', ready = '', port = '', , , labels = '']: string[]): Pod => ({
  namespace,
  name,
  node,
  ...(ip === '' ? {} : { ip }),
  hostNetwork: host === 'true',
  ready: ready === 'True',
  labels: readLabels(labels),
  ...(port === '' ? {} : { port: Number(port) }),
});

const readService = ([, namespace = '', name = '', , , , , , clusterIP = '', port = '']: string[]): Service => ({
  namespace,
  name,
  clusterIP,
  port: Number(port),
});

const readLabels = (json: string): Record<string, string> => (json === '' ? {} : (JSON.parse(json) as Record<string, string>));

/** The pod of a workload on a node; one that is ready before others. */
export const findPod = ({ pods }: Cluster, workload: string, node: string): Pod | undefined => {
  const found = pods.filter((pod) => pod.labels['app'] === workload && pod.node === node);
  return found.find(({ ready }) => ready) ?? found[0];
};

/** By its name; undefined where there is none. */
export const findService = ({ services }: Cluster, namespace: string, name: string): Service | undefined =>
  services.find((service) => service.namespace === namespace && service.name === name);
