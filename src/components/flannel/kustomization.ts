/** What edgelab changes in flannel's own manifest (kept in the node image), said as a kustomization. */
import { notOnEdges, toText, type Manifest } from '../manifest.ts';

/** Path of the manifest inside the node image, taken from the pinned module when the image is built. */
export const upstreamManifest = '/usr/share/edgelab/manifests/kube-flannel.yml';

const cloudPatch = (image: string, podSubnet: string): Manifest[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'kube-flannel-ds', namespace: 'kube-flannel' },
    spec: {
      template: {
        spec: {
          affinity: notOnEdges,
          // the node image already carries the CNI plugin that this init container would copy
          initContainers: [{ $patch: 'delete', name: 'install-cni-plugin' }, { name: 'install-cni', image }],
          // the name resolves to the node's lab address, never to an interface that only Docker knows
          containers: [{ name: 'kube-flannel', image, args: ['--ip-masq', '--kube-subnet-mgr', '--healthz-port=8081', '--iface=eth0'] }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-flannel-cfg', namespace: 'kube-flannel' },
    data: {
      'net-conf.json': toText({ Network: podSubnet, EnableNFTables: false, Backend: { Type: 'vxlan' } }),
    },
  },
];

/** `kustomization.yaml` beside a copy of the upstream manifest; `extra` objects are added as they are. */
export const flannelKustomization = (image: string, podSubnet: string, extra: string[]): string =>
  toText({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['kube-flannel.yml', ...extra],
    patches: cloudPatch(image, podSubnet).map((patch) => ({ patch: toText(patch) })),
  });
