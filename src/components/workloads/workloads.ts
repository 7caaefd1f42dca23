/** The workloads of a topology, applied together and waited for. */
import type { Component } from '../component.ts';
import { createStep } from '../create-step.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { controlPlane, edgeNewsSeconds, kubernetesOf, waitStep } from '../step.ts';
import { watchScript } from '../watch.ts';
import { echoManifests } from './echo.ts';
import { proxyNodes, servedStep } from './served.ts';

const phase = 'workloads';

/** Proved by a running pod for every instance, and on each node with kube-proxy by a rule to it. */
export const workloads: Component = {
  kind: 'workloads',
  wanted: (lab) => lab.install.kubernetes !== undefined && lab.workloads.length > 0,
  title: (lab) => `workloads ${lab.workloads.map(({ name }) => name).join(', ')}`,
  storeImages: () => ['agnhost'],
  steps: (lab) => {
    const image = `${imageRepository}/agnhost:v${kubernetesOf(lab).version}`;
    const items = lab.workloads.flatMap((workload) => echoManifests(workload, image));
    const count = lab.workloads.reduce((sum, { nodes }) => sum + nodes.length, 0);
    return [
      createStep(lab, { id: 'workloads:apply', title: 'workloads applied', phase, needs: ['kubernetes:init'] }, items),
      waitStep(
        {
          id: 'workloads:ready',
          title: `${String(count)} workload pods Running`,
          phase,
          needs: ['workloads:apply', 'kubernetes:ready'],
          timeoutSeconds: edgeNewsSeconds,
        },
        controlPlane(lab).name,
        watchScript({
          resource: 'deployments -l edgelab.io/workload',
          names: lab.workloads.flatMap(({ name, nodes }) => nodes.map((node) => `${name}-${node}`)),
          value: '.status.availableReplicas',
          wanted: '1',
          message: '.status.conditions[?(@.type=="Available")].message',
        }),
        true,
      ),
      ...proxyNodes(lab).map((node) => servedStep(node, lab.workloads)),
    ];
  },
};
