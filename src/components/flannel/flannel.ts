/** flannel from its own manifest; on edges, if asked for, through the metaServer. */
import type { Lab } from '../../model/lab.ts';
import type { Component } from '../component.ts';
import { apiHost } from '../kubernetes/api.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { toText } from '../manifest.ts';
import { adminKubeconfig, cloudNodes, controlPlane, edgeNodes, execStep, kubernetesOf } from '../step.ts';
import { cniStep } from './cni.ts';
import { edgeDaemonSet } from './edge-daemonset.ts';
import { flannelKustomization, upstreamManifest } from './kustomization.ts';
import { peersStep } from './peers.ts';

const flannelOf = (lab: Lab): NonNullable<Lab['install']['flannel']> => {
  if (!lab.install.flannel) throw new Error('flannel was planned for a lab that does not install it');
  return lab.install.flannel;
};

const onEdges = (lab: Lab): boolean => flannelOf(lab).on.includes('edge');

export const flannel: Component = {
  kind: 'flannel',
  wanted: (lab) => lab.install.flannel !== undefined,
  title: (lab) => `flannel ${flannelOf(lab).version} on ${flannelOf(lab).on.join(' and ')} nodes`,
  storeImages: () => ['flannel'],
  steps: (lab) => {
    const image = `${imageRepository}/flannel:v${flannelOf(lab).version}`;
    const settings = { image, podSubnet: kubernetesOf(lab).podSubnet, apiServer: apiHost(lab) };
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
              ? [{ path: '/etc/edgelab/flannel/edge-daemonset.yaml', mode: 0o644, content: toText(edgeDaemonSet(image)) }]
              : []),
          ],
        },
      ),
      ...cloudNodes(lab).map((node) => cniStep(node, ['flannel:apply', `link:${node.name}`])),
      ...edges.map((node) => cniStep(node, ['kubeedge:token', `link:${node.name}`])),
      ...served.map((node) => peersStep(node, served.length - 1)),
    ];
  },
};
