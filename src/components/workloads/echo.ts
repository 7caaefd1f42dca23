/**
 * The echo workload: agnhost `netexec`, Kubernetes' own test server. It answers over HTTP and UDP with its pod's name
 * and the source address it saw, which is what a reachability verdict needs as evidence.
 */
import type { Workload } from '../../model/lab.ts';
import type { Manifest } from '../manifest.ts';

const labelsOf = (workload: Workload, node: string) => ({ app: workload.name, 'edgelab.io/node': node });

const deployment = (workload: Workload, node: string, image: string): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `${workload.name}-${node}`, labels: { 'edgelab.io/workload': workload.name } },
  spec: {
    replicas: 1,
    selector: { matchLabels: labelsOf(workload, node) },
    template: {
      metadata: { labels: { ...labelsOf(workload, node), 'edgelab.io/workload': workload.name } },
      spec: {
        // a selector and no nodeName: the scheduler places it once the node is Ready, so it can be applied at any time
        nodeSelector: { 'kubernetes.io/hostname': node },
        terminationGracePeriodSeconds: 1,
        automountServiceAccountToken: false,
        containers: [
          {
            name: workload.name,
            image,
            args: ['netexec', `--http-port=${String(workload.port)}`, `--udp-port=${String(workload.port)}`],
            ports: [
              { name: 'http', containerPort: workload.port, protocol: 'TCP' },
              { name: 'udp', containerPort: workload.port, protocol: 'UDP' },
            ],
          },
        ],
      },
    },
  },
});

const service = (workload: Workload, node: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: `${workload.name}-${node}`, labels: { 'edgelab.io/workload': workload.name } },
  spec: {
    selector: labelsOf(workload, node),
    ports: [
      { name: 'http', port: workload.port, targetPort: 'http', protocol: 'TCP' },
      { name: 'udp', port: workload.port, targetPort: 'udp', protocol: 'UDP' },
    ],
  },
});

/** One Deployment and one Service `<workload>-<node>` for each node of the workload. */
export const echoManifests = (workload: Workload, image: string): Manifest[] =>
  workload.nodes.flatMap((node) => [deployment(workload, node, image), service(workload, node)]);
