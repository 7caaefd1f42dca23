/** What edgelab changes in flannel's own manifest (kept in the node image), said as a kustomization. */
import type { FlannelBackend } from '../../model/install.ts';
import { backends, netConf } from './backends.ts';
import { notOnEdges, toText, type Manifest } from '../manifest.ts';

/** Path of the manifest inside the node image, taken from the pinned module when the image is built. */
export const upstreamManifest = '/usr/share/edgelab/manifests/kube-flannel.yml';

type Settings = { image: string; podSubnet: string; apiServer: string; backend: FlannelBackend };

const cloudPatch = ({ image, podSubnet, apiServer, backend }: Settings): Manifest[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-flannel-ds', namespace: 'kube-flannel' },
    spec: {
      template: {
        spec: {
          affinity: notOnEdges,
          // the node image carries the CNI plugin, and cni.ts puts its configuration when flannel can serve it
          initContainers: [
            { $patch: 'delete', name: 'install-cni-plugin' },
            { $patch: 'delete', name: 'install-cni' },
          ],
          containers: [
            {
              name: 'kube-flannel',
              image,
              args: ['--ip-masq', '--kube-subnet-mgr', '--healthz-port=8081', '--iface=eth0'],
              ...(backends[backend].tun ? { securityContext: { privileged: true } } : {}),
              // the API server itself, so that flannel need not wait for kube-proxy's rules
              env: [
                { name: 'KUBERNETES_SERVICE_HOST', value: apiServer },
                { name: 'KUBERNETES_SERVICE_PORT', value: '6443' },
              ],
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-flannel-cfg', namespace: 'kube-flannel' },
    data: {
      'net-conf.json': toText(netConf(podSubnet, backend)),
    },
  },
];

/** `kustomization.yaml` beside a copy of the upstream manifest; `extra` objects are added as they are. */
export const flannelKustomization = (settings: Settings, extra: string[]): string =>
  toText({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['kube-flannel.yml', ...extra],
    patches: cloudPatch(settings).map((patch) => ({ patch: toText(patch) })),
  });
