/** The kubeadm v1beta4 configuration: init, cluster, kubelet and kube-proxy documents as objects. */
import type { Lab, LabNode } from '../../model/lab.ts';
import { evictionHard, imageGCHighThresholdPercent } from '../eviction.ts';
import { toDocuments, toText } from '../manifest.ts';
import { controlPlane, kubernetesOf } from '../step.ts';
import { apiHost, outsideAddresses } from './api.ts';
import { imageRepository, imageTags } from './images.ts';

/** Extra arguments in v1beta4 are lists of name and value. */
const args = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }));

const nodeRegistration = (node: LabNode) => ({
  name: node.name,
  criSocket: 'unix:///run/containerd/containerd.sock',
  // cloudcore and the tunnels' agents tolerate nothing, and a lab's only cloud node must run them
  taints: [],
  kubeletExtraArgs: args({ 'node-ip': node.address }),
});

/** Settings of every kubelet in a nested container: cgroupfs below one parent, no eviction, no swap check. */
const kubeletConfiguration = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  cgroupDriver: 'cgroupfs',
  cgroupRoot: '/kubelet',
  failSwapOn: false,
  // without CAP_SYS_RESOURCE kubelet cannot lower oom_score_adj nor set some sysctls; this gate makes that a warning
  featureGates: { KubeletInUserNamespace: true },
  evictionHard,
  imageGCHighThresholdPercent,
  serializeImagePulls: false,
};

const kubeProxyConfiguration = {
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  mode: 'iptables',
  // nf_conntrack_max belongs to the host and is read-only in a node
  conntrack: { maxPerCore: 0 },
};

/** For `kubeadm init --config`: what differs from kubeadm's defaults. */
export const kubeadmInitConfig = (lab: Lab): string => {
  const node = controlPlane(lab);
  const { version, podSubnet, serviceSubnet } = kubernetesOf(lab);
  const outside = outsideAddresses(lab);
  const documents = [
    {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress: node.address, bindPort: 6443 },
      nodeRegistration: nodeRegistration(node),
      patches: { directory: '/etc/edgelab/kubeadm-patches' },
      skipPhases: ['preflight', 'show-join-command'],
    },
    {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      kubernetesVersion: `v${version}`,
      clusterName: lab.name,
      imageRepository,
      controlPlaneEndpoint: `${apiHost(lab)}:6443`,
      ...(outside.length > 0 ? { apiServer: { certSANs: [node.address, ...outside] } } : {}),
      // elliptic keys: the same trust, a fraction of the CPU time while two cores are busy
      encryptionAlgorithm: 'ECDSA-P256',
      networking: { podSubnet, serviceSubnet, dnsDomain: 'cluster.local' },
      // one control plane has nobody to elect; the default client limits alone cost a start of 40 controllers four seconds
      controllerManager: { extraArgs: args({ 'leader-elect': 'false', 'kube-api-qps': '200', 'kube-api-burst': '400' }) },
      scheduler: { extraArgs: args({ 'leader-elect': 'false' }) },
      // a lab's state need not survive a power cut; waiting for the disk at each write is a good part of a start
      etcd: { local: { imageTag: imageTags.etcd, extraArgs: args({ 'unsafe-no-fsync': 'true' }) } },
      dns: { imageTag: imageTags.coredns },
    },
    kubeletConfiguration,
    kubeProxyConfiguration,
  ];
  return toDocuments(documents);
};

/** One CoreDNS replica: a second one on the same node proves nothing and costs start-up time (kubeadm patch target `corednsdeployment`). */
export const corednsPatch = toText({ spec: { replicas: 1 } });
