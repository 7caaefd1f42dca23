/** All components, one line each, in the order their phases are shown. */
import { bridgeCni } from './bridge-cni/bridge-cni.ts';
import { calico } from './calico/calico.ts';
import type { Component } from './component.ts';
import { edgemesh } from './edgemesh/edgemesh.ts';
import { fabedge } from './fabedge/fabedge.ts';
import { flannel } from './flannel/flannel.ts';
import { imageRegistry } from './image-registry/image-registry.ts';
import { kubeedge } from './kubeedge/kubeedge.ts';
import { kubernetes } from './kubernetes/kubernetes.ts';
import { metricsServer } from './metrics-server/metrics-server.ts';
import { weave } from './weave/weave.ts';
import { workloads } from './workloads/workloads.ts';

/** What a lab does not want is left out by the plan. */
export const components: readonly Component[] = [
  imageRegistry,
  kubernetes,
  flannel,
  calico,
  weave,
  kubeedge,
  bridgeCni,
  edgemesh,
  fabedge,
  metricsServer,
  workloads,
];
