/** EdgeMesh: an agent on every node that catches ClusterIPs and carries them to the other node's agent, across NATs. */
import { listWords } from '../../lib/names.ts';
import type { Lab } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import type { Component } from '../component.ts';
import { toText } from '../manifest.ts';
import { adminKubeconfig, cloudNodes, controlPlane, edgeNodes, execStep } from '../step.ts';
import { namespace, pskFile, pskSecret } from './addresses.ts';
import { agentConfig } from './agent-config.ts';
import { caughtStep, proxyFirstStep } from './caught.ts';
import { agentDaemonSet } from './daemon-set.ts';
import { edgemeshObjects } from './objects.ts';

const phase = 'edgemesh';
const env = { KUBECONFIG: adminKubeconfig };

const edgemeshOf = (lab: Lab): NonNullable<Lab['install']['edgemesh']> => {
  if (!lab.install.edgemesh) throw new Error('EdgeMesh was planned for a lab that does not install it');
  return lab.install.edgemesh;
};

const imageOf = (lab: Lab): string => `kubeedge/edgemesh-agent:v${edgemeshOf(lab).version}`;

/** keadm makes the namespace; the label keeps agents from catching the API server's own ClusterIP. */
const prepareStep = (lab: Lab): Step =>
  execStep(
    { id: 'edgemesh:prepare', title: 'kinds, rights and configuration', phase, needs: ['kubernetes:init'], timeoutSeconds: 120 },
    controlPlane(lab).name,
    {
      text: [
        `kubectl wait --for=create namespace/${namespace} --timeout=100s >/dev/null &&`,
        `kubectl label service kubernetes service.edgemesh.kubeedge.io/service-proxy-name= --overwrite &&`,
        'exec kubectl create -f -',
      ].join('\n'),
      env,
      stdin: toText({ apiVersion: 'v1', kind: 'List', items: edgemeshObjects(agentConfig(lab, edgemeshOf(lab))) }),
    },
  );

/** Made where it is used and kept in the cluster only: it is in no plan, no event and no log. */
const pskStep = (lab: Lab): Step =>
  execStep(
    { id: 'edgemesh:psk', title: 'key that the agents share', phase, needs: ['kubernetes:init'], timeoutSeconds: 120 },
    controlPlane(lab).name,
    {
      text: [
        `kubectl wait --for=create namespace/${namespace} --timeout=100s >/dev/null &&`,
        `head -c 32 /dev/urandom | base64 | kubectl -n ${namespace} create secret generic ${pskSecret} --from-file=${pskFile}=/dev/stdin`,
      ].join('\n'),
      env,
    },
  );

const agentsStep = (lab: Lab): Step => {
  const { psk } = edgemeshOf(lab);
  return execStep(
    {
      id: 'edgemesh:agents',
      title: 'agents',
      phase,
      needs: ['edgemesh:prepare', ...(psk ? ['edgemesh:psk'] : []), ...cloudNodes(lab).map(({ name }) => `edgemesh:kube-proxy:${name}`)],
      timeoutSeconds: 60,
    },
    controlPlane(lab).name,
    {
      text: 'exec kubectl create -f -',
      env,
      stdin: toText(agentDaemonSet({ image: imageOf(lab), apiServer: controlPlane(lab).address, psk })),
    },
  );
};

export const edgemesh: Component = {
  kind: 'edgemesh',
  wanted: (lab) => lab.install.edgemesh !== undefined,
  title: (lab) => `edgemesh ${edgemeshOf(lab).version}, ${listWords(edgemeshOf(lab).relays)} relaying`,
  storeImages: () => [],
  externalImages: (lab) => [imageOf(lab)],
  steps: (lab) => [
    ...cloudNodes(lab).map(proxyFirstStep),
    prepareStep(lab),
    ...(edgemeshOf(lab).psk ? [pskStep(lab)] : []),
    agentsStep(lab),
    ...[...cloudNodes(lab), ...edgeNodes(lab)].map((node) => caughtStep(lab, node)),
  ],
};
