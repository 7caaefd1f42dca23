/** Kubernetes objects, made on the control plane in one call. */
import { adminKubeconfig } from '../lib/kubeadm.ts';
import type { Lab } from '../model/lab.ts';
import type { Step } from '../model/plan.ts';
import { toList, type Manifest } from './manifest.ts';
import { controlPlane, execStep, type Common } from './step.ts';

/** Fails where one of them is there already: a component makes its objects once. */
export const createStep = (lab: Lab, common: Omit<Common, 'timeoutSeconds'>, items: readonly Manifest[]): Step =>
  execStep({ ...common, timeoutSeconds: 60 }, controlPlane(lab).name, {
    ...{ text: 'exec kubectl create -f -', env: { KUBECONFIG: adminKubeconfig } },
    stdin: toList(items),
  });
