/** flannel from its own manifest; on edges, if asked for, through the metaServer. */
import type { Lab } from '../../model/lab.ts';
import type { Component } from '../component.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { toText } from '../manifest.ts';
import { adminKubeconfig, controlPlane, execStep, kubernetesOf } from '../step.ts';
import { edgeDaemonSet } from './edge-daemonset.ts';
import { flannelKustomization, upstreamManifest } from './kustomization.ts';

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
            { path: '/etc/edgelab/flannel/kustomization.yaml', mode: 0o644, content: flannelKustomization(image, kubernetesOf(lab).podSubnet, extra) },
            ...(onEdges(lab)
              ? [{ path: '/etc/edgelab/flannel/edge-daemonset.yaml', mode: 0o644, content: toText(edgeDaemonSet(image)) }]
              : []),
          ],
        },
      ),
    ];
  },
};
