/** Names and tags of the Kubernetes container images as edgelab builds them from the pinned modules (images/). */

/** Prefix of every image edgelab builds; kubeadm's and keadm's `imageRepository`. */
export const imageRepository = 'edgelab';

/** Tags that do not follow the Kubernetes version: one set for all versions there are. */
export const imageTags = { etcd: '3.5.33-0', coredns: 'v1.11.3', pause: '3.10' } as const;

/** Recipes whose images a control plane and its nodes run. */
export const kubernetesImages = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'etcd',
  'coredns',
  'pause',
] as const;
