/** Weave Net on the cloud nodes: a router on each, all connected with all others. */
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import type { Component } from '../component.ts';
import { createStep } from '../create-step.ts';
import { apiHost } from '../kubernetes/api.ts';
import { cloudNodes, kubernetesOf, waitStep } from '../step.ts';
import { weaveImages, weaveObjects } from './objects.ts';

const phase = 'weave';

const weaveOf = (lab: Lab): NonNullable<Lab['install']['weave']> => {
  if (!lab.install.weave) throw new Error('Weave was planned for a lab that does not install it');
  return lab.install.weave;
};

/** Lines of its status page: `-> 45.77.0.11:6783 established sleeve …`. */
const peersStep = (node: LabNode, peers: number): Step =>
  waitStep(
    {
      ...{ id: `weave:peers:${node.name}`, title: `Weave on ${node.name} knows its ${String(peers)} peers`, phase },
      ...{ needs: ['weave:apply', 'kubernetes:ready'], timeoutSeconds: 180 },
    },
    node.name,
    {
      text: `count() { curl -sf --max-time 5 http://127.0.0.1:6784/status/connections | grep -c ' established '; }
until known=$(count); [ "\${known:-0}" -ge "$PEERS" ] && curl -sf --max-time 5 -o /dev/null http://127.0.0.1:6784/status; do
  echo "\${known:-0} of $PEERS peers"
  sleep 0.3
done`,
      env: { PEERS: String(peers) },
    },
    true,
  );

/** Its images are published ones. Proved on each node: its router has a connection with that of every other node. */
export const weave: Component = {
  kind: 'weave',
  wanted: (lab) => lab.install.weave !== undefined,
  title: (lab) => `weave ${weaveOf(lab).version}`,
  storeImages: () => [],
  externalImages: (lab) => Object.values(weaveImages(weaveOf(lab))),
  features: () => ['dummy', 'ip-set'],
  steps: (lab) => {
    const items = weaveObjects({ ...weaveOf(lab), podSubnet: kubernetesOf(lab).podSubnet, apiServer: apiHost(lab) });
    return [
      createStep(lab, { id: 'weave:apply', title: 'Weave applied', phase, needs: ['kubernetes:init'] }, items),
      ...cloudNodes(lab).map((node) => peersStep(node, cloudNodes(lab).length - 1)),
    ];
  },
};
