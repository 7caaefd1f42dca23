/** flannel from its own manifest, on edges, if asked for, through the metaServer; or on hosts without Kubernetes, with an etcd. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import type { Lab } from '../../model/lab.ts';
import type { Component } from '../component.ts';
import { apiHost } from '../kubernetes/api.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { toText } from '../manifest.ts';
import { cloudNodes, controlPlane, edgeNodes, execStep, kubernetesOf } from '../step.ts';
import { backends } from './backends.ts';
import { cniStep } from './cni.ts';
import { edgeDaemonSet } from './edge-daemonset.ts';
import { flannelKustomization, upstreamManifest } from './kustomization.ts';
import { peersStep } from './peers.ts';
import { containerHosts, standaloneSteps } from './standalone.ts';

const flannelOf = (lab: Lab): NonNullable<Lab['install']['flannel']> => {
  if (!lab.install.flannel) throw new Error('flannel was planned for a lab that does not install it');
  return lab.install.flannel;
};

const onEdges = (lab: Lab): boolean => flannelOf(lab).on.includes('edge');

/** Proved on each node: it knows all others that flannel serves. */
export const flannel: Component = {
  kind: 'flannel',
  wanted: (lab) => lab.install.flannel !== undefined,
  title: (lab) => {
    const { version, backend, on, etcd } = flannelOf(lab);
    const how = backend === 'vxlan' ? '' : ` (${backend})`;
    return `flannel ${version}${how} on ${etcd ? `${String(containerHosts(lab).length)} hosts, etcd on ${etcd.node}` : `${on.join(' and ')} nodes`}`;
  },
  storeImages: (lab) => ['flannel', ...(flannelOf(lab).etcd ? ['etcd'] : [])],
  features: (lab) => backends[flannelOf(lab).backend].features,
  steps: (lab) => {
    if (flannelOf(lab).etcd) return standaloneSteps(lab, flannelOf(lab));
    const { backend } = flannelOf(lab);
    const image = `${imageRepository}/flannel:v${flannelOf(lab).version}`;
    const settings = { image, podSubnet: kubernetesOf(lab).podSubnet, apiServer: apiHost(lab), backend };
    const edges = onEdges(lab) ? edgeNodes(lab) : [];
    const served = [...cloudNodes(lab), ...edges];
    const extra = onEdges(lab) ? ['edge-daemonset.yaml'] : [];
    return [
      execStep(
        { id: 'flannel:apply', title: 'flannel applied', phase: 'flannel', needs: ['kubernetes:init'], timeoutSeconds: 60 },
        controlPlane(lab).name,
        {
          text: `cp ${upstreamManifest} /etc/edgelab/flannel/ && exec kubectl apply -k /etc/edgelab/flannel`,
          env: { KUBECONFIG: adminKubeconfig },
        },
        {
          files: [
            { path: '/etc/edgelab/flannel/kustomization.yaml', mode: 0o644, content: flannelKustomization(settings, extra) },
            ...(onEdges(lab)
              ? [{ path: '/etc/edgelab/flannel/edge-daemonset.yaml', mode: 0o644, content: toText(edgeDaemonSet(image, backend)) }]
              : []),
          ],
        },
      ),
      ...cloudNodes(lab).map((node) => cniStep(node, ['flannel:apply', `link:${node.name}`])),
      ...edges.map((node) => cniStep(node, ['kubeedge:token', `link:${node.name}`])),
      ...served.map((node) => peersStep(node, { backend, peers: served.length - 1, needs: ['kubernetes:ready'] })),
    ];
  },
};
