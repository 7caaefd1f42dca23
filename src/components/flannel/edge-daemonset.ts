/**
 * flannel on edge nodes: a DaemonSet of its own, since an edge has no in-cluster API server. It talks to KubeEdge's
 * metaServer on the node (127.0.0.1:10550) and announces the LAN address, which is the cause of question 1.
 */
import type { FlannelBackend } from '../../model/install.ts';
import { onEdgesOnly, type Manifest } from '../manifest.ts';
import { backends } from './backends.ts';

/** It shares ServiceAccount and ConfigMap with the cloud's, which upstream's manifest makes. */
export const edgeDaemonSet = (image: string, backend: FlannelBackend): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: {
    name: 'kube-flannel-edge-ds',
    namespace: 'kube-flannel',
    labels: { tier: 'node', app: 'flannel-edge', 'k8s-app': 'flannel' },
  },
  spec: {
    selector: { matchLabels: { app: 'flannel-edge' } },
    template: {
      metadata: { labels: { tier: 'node', app: 'flannel-edge' } },
      spec: {
        affinity: onEdgesOnly,
        hostNetwork: true,
        priorityClassName: 'system-node-critical',
        tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
        serviceAccountName: 'flannel',
        containers: [
          {
            name: 'kube-flannel',
            image,
            command: ['/opt/bin/flanneld'],
            args: ['--ip-masq', '--kube-subnet-mgr', '--kube-api-url=http://127.0.0.1:10550', '--iface=eth0'],
            securityContext: { privileged: backends[backend].tun, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
            env: [
              { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
              { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
              { name: 'EVENT_QUEUE_DEPTH', value: '5000' },
            ],
            volumeMounts: [
              { name: 'run', mountPath: '/run/flannel' },
              { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' },
              { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
            ],
          },
        ],
        volumes: [
          { name: 'run', hostPath: { path: '/run/flannel' } },
          { name: 'flannel-cfg', configMap: { name: 'kube-flannel-cfg' } },
          { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
        ],
      },
    },
  },
});
