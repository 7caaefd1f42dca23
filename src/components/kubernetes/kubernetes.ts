/** Kubernetes by kubeadm: one control plane, workers by `kubeadm join`, and the proof that every node is Ready. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import type { Component } from '../component.ts';
import { notOnEdges, toText } from '../manifest.ts';
import { allNodes, awaitRuntime, cloudNodes, controlPlane, execStep, kubernetesOf, waitStep } from '../step.ts';
import { watchScript } from '../watch.ts';
import { kubernetesImages } from './images.ts';
import { corednsPatch, kubeadmInitConfig } from './kubeadm-config.ts';

const phase = 'kubernetes';

const initStep = (lab: Lab): Step => {
  const node = controlPlane(lab);
  return execStep(
    { id: 'kubernetes:init', title: `kubeadm init on ${node.name}`, phase, needs: [`link:${node.name}`], timeoutSeconds: 180 },
    node.name,
    { text: `${awaitRuntime}\nexec kubeadm init --config /etc/edgelab/kubeadm.yaml` },
    {
      files: [
        { path: '/etc/edgelab/kubeadm.yaml', mode: 0o600, content: kubeadmInitConfig(lab) },
        { path: '/etc/edgelab/kubeadm-patches/corednsdeployment+strategic.json', mode: 0o644, content: corednsPatch },
      ],
    },
  );
};

/** kube-proxy only in the cloud: the DaemonSet gets an affinity before the first edge joins. */
const proxyPlacementStep = (lab: Lab): Step => {
  const node = controlPlane(lab);
  return execStep(
    { id: 'kubernetes:proxy-placement', title: 'keep kube-proxy off the edges', phase, needs: ['kubernetes:init'], timeoutSeconds: 30 },
    node.name,
    {
      text: `exec kubectl -n kube-system patch daemonset kube-proxy --type merge --patch-file /dev/stdin`,
      env: { KUBECONFIG: adminKubeconfig },
      stdin: toText({ spec: { template: { spec: { affinity: notOnEdges } } } }),
    },
  );
};

/** `kubeadm join …` with a fresh bootstrap token and the CA's hash. */
const joinCommandStep = (lab: Lab): Step =>
  execStep(
    { id: 'kubernetes:join-command', title: 'bootstrap token for workers', phase, needs: ['kubernetes:init'], timeoutSeconds: 30 },
    controlPlane(lab).name,
    { text: 'exec kubeadm token create --ttl 1h --print-join-command', env: { KUBECONFIG: adminKubeconfig } },
    { capture: { name: 'kubeadm-join', secret: true } },
  );

const joinStep = (node: LabNode): Step =>
  execStep(
    {
      id: `kubernetes:join:${node.name}`,
      title: `kubeadm join ${node.name}`,
      phase,
      needs: [`link:${node.name}`, 'kubernetes:join-command'],
      timeoutSeconds: 120,
    },
    node.name,
    {
      // unquoted on purpose: kubeadm printed a command line of plain words
      text: `${awaitRuntime}\nexec $KUBEADM_JOIN --node-name=${node.name} --skip-phases=preflight`,
      env: { KUBEADM_JOIN: { capture: 'kubeadm-join' } },
    },
  );

const joinIds = (lab: Lab): string[] => [
  'kubernetes:init',
  ...cloudNodes(lab)
    .filter(({ role }) => role === 'worker')
    .map(({ name }) => `kubernetes:join:${name}`),
];

/** Every node of the lab registered and Ready. */
const readyStep = (lab: Lab): Step =>
  waitStep(
    { id: 'kubernetes:ready', title: 'every node Ready', phase, needs: joinIds(lab), timeoutSeconds: 240 },
    controlPlane(lab).name,
    watchScript({
      resource: 'nodes',
      names: allNodes(lab)
        .filter(({ role }) => role !== 'host')
        .map(({ name }) => name),
      value: '.status.conditions[?(@.type=="Ready")].status',
      wanted: 'True',
      message: '.status.conditions[?(@.type=="Ready")].message',
    }),
    true,
  );

/** `kubernetes:ready` waits for the edges too, whatever joins them. */
export const kubernetes: Component = {
  kind: 'kubernetes',
  wanted: (lab) => lab.install.kubernetes !== undefined,
  title: (lab) => `kubernetes ${kubernetesOf(lab).version} on ${controlPlane(lab).name}`,
  storeImages: () => [...kubernetesImages],
  steps: (lab) => {
    const workers = cloudNodes(lab).filter(({ role }) => role === 'worker');
    return [
      initStep(lab),
      ...(lab.install.kubeProxy?.on.includes('edge') ? [] : [proxyPlacementStep(lab)]),
      ...(workers.length > 0 ? [joinCommandStep(lab), ...workers.map(joinStep)] : []),
      readyStep(lab),
    ];
  },
};
