/** edgemesh-gateway: lets callers from outside the cluster in, by Istio's Gateway and VirtualService objects. */
import type { Lab } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import { createStep } from '../create-step.ts';
import { controlPlane, waitStep } from '../step.ts';
import { watchScript } from '../watch.ts';
import { gatewayName, namespace } from './addresses.ts';
import { gatewayConfig } from './config.ts';
import { programObjects } from './objects.ts';
import { gatewayDeployment } from './pods.ts';

type Edgemesh = NonNullable<Lab['install']['edgemesh']>;

/** A published one, of EdgeMesh's version. */
export const gatewayImage = ({ version }: Edgemesh): string => `kubeedge/edgemesh-gateway:v${version}`;

/** None where the lab has no gateway. */
export const gatewaySteps = (lab: Lab, edgemesh: Edgemesh): Step[] => {
  const { gateway, psk } = edgemesh;
  if (gateway === undefined) return [];
  const phase = 'edgemesh';
  const items = [
    ...programObjects(gatewayName, 'services endpoints pods secrets', gatewayConfig(lab, edgemesh)),
    gatewayDeployment({ image: gatewayImage(edgemesh), apiServer: controlPlane(lab).address, psk }, gateway),
  ];
  return [
    createStep(lab, { id: 'edgemesh:gateway', title: `gateway on ${gateway}`, phase, needs: ['edgemesh:agents'] }, items),
    waitStep(
      { id: 'edgemesh:gateway-ready', title: 'gateway Running', phase, needs: ['edgemesh:gateway'], timeoutSeconds: 180 },
      controlPlane(lab).name,
      watchScript({
        resource: `deployments -n ${namespace} -l k8s-app=${gatewayName}`,
        names: [gatewayName],
        value: '.status.availableReplicas',
        wanted: '1',
        message: '.status.conditions[?(@.type=="Available")].message',
      }),
      true,
    ),
  ];
};
