/** metrics-server: `kubectl top` of every node and pod, of edges behind NATs through cloudcore's tunnel. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import type { Lab } from '../../model/lab.ts';
import type { Component } from '../component.ts';
import { createStep } from '../create-step.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { allNodes, controlPlane, waitStep } from '../step.ts';
import { metricsServerObjects } from './objects.ts';

const phase = 'metrics-server';
const env = { KUBECONFIG: adminKubeconfig };

const versionOf = ({ install }: Lab): string => {
  if (!install.metricsServer) throw new Error('metrics-server was planned for a lab that does not install it');
  return install.metricsServer.version;
};

/** Proved by metrics of every node. */
export const metricsServer: Component = {
  kind: 'metrics-server',
  wanted: ({ install }) => install.metricsServer !== undefined,
  title: (lab) => `metrics-server ${versionOf(lab)}`,
  storeImages: () => ['metrics-server'],
  steps: (lab) => [
    createStep(
      lab,
      { id: 'metrics-server:apply', title: 'metrics-server applied', phase, needs: ['kubernetes:init'] },
      metricsServerObjects(`${imageRepository}/metrics-server:v${versionOf(lab)}`),
    ),
    waitStep(
      {
        id: 'metrics-server:ready',
        title: 'metrics of every node',
        phase,
        needs: ['metrics-server:apply', 'kubernetes:ready', ...(lab.install.kubeedge ? ['kubeedge:stream'] : [])],
        timeoutSeconds: 180,
      },
      controlPlane(lab).name,
      {
        text: `while :; do
  measured=$(kubectl get --raw /apis/metrics.k8s.io/v1beta1/nodes 2>&1)
  missing=
  for node in $NODES; do
    case $measured in *"\\"name\\":\\"$node\\""*) ;; *) missing=$node; break ;; esac
  done
  [ -n "$missing" ] || exit 0
  case $measured in *'"items"'*) echo "no metrics of $missing yet" ;; *) echo "$measured" | tail -1 ;; esac
  sleep 0.5
done`,
        env: {
          ...env,
          NODES: allNodes(lab)
            .filter(({ role }) => role !== 'host')
            .map(({ name }) => name)
            .join(' '),
        },
      },
      true,
    ),
  ],
};
