/** Calico on the cloud nodes: routes that the nodes tell each other by BGP, and network policy. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import type { Lab } from '../../model/lab.ts';
import type { Component } from '../component.ts';
import { createStep } from '../create-step.ts';
import { apiHost } from '../kubernetes/api.ts';
import { controlPlane, kubernetesOf, waitStep } from '../step.ts';
import { calicoKinds } from './kinds.ts';
import { calicoDaemonSet, calicoImages } from './node-daemonset.ts';
import { calicoRights } from './rights.ts';

const phase = 'calico';

const calicoOf = (lab: Lab): NonNullable<Lab['install']['calico']> => {
  if (!lab.install.calico) throw new Error('Calico was planned for a lab that does not install it');
  return lab.install.calico;
};

/** Its images are published ones. Proved on each node by calico-node itself, which is ready when BIRD has a session with every other node. */
export const calico: Component = {
  kind: 'calico',
  wanted: (lab) => lab.install.calico !== undefined,
  title: (lab) => `calico ${calicoOf(lab).version}${calicoOf(lab).encapsulation === 'none' ? ', routes by BGP' : ' (vxlan)'}`,
  storeImages: () => [],
  externalImages: (lab) => Object.values(calicoImages(calicoOf(lab))),
  features: (lab) => (calicoOf(lab).encapsulation === 'vxlan' ? ['vxlan'] : []),
  steps: (lab) => {
    const settings = { calico: calicoOf(lab), podSubnet: kubernetesOf(lab).podSubnet, apiServer: apiHost(lab) };
    const items = [...calicoKinds, ...calicoRights, calicoDaemonSet(settings)];
    return [
      createStep(lab, { id: 'calico:apply', title: 'Calico applied', phase, needs: ['kubernetes:init'] }, items),
      waitStep(
        {
          ...{ id: 'calico:ready', title: 'calico-node ready on every node', phase },
          // a node that has not joined has no pod yet, and would not be missed
          ...{ needs: ['calico:apply', 'kubernetes:ready'], timeoutSeconds: 180 },
        },
        controlPlane(lab).name,
        { text: 'exec kubectl -n kube-system rollout status daemonset/calico-node', env: { KUBECONFIG: adminKubeconfig } },
        true,
      ),
    ];
  },
};
