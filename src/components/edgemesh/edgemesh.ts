/** EdgeMesh: an agent on every node that catches ClusterIPs and carries them to the other node's agent, across NATs. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import { listWords } from '../../lib/names.ts';
import type { Lab } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import type { Component } from '../component.ts';
import { neighbourSteps } from '../bridge-cni/neighbours.ts';
import { createStep } from '../create-step.ts';
import { toList } from '../manifest.ts';
import { cloudNodes, controlPlane, edgeNodes, execStep } from '../step.ts';
import { namespace, pskFile, pskSecret } from './addresses.ts';
import { agentConfig, podCidrOf } from './config.ts';
import { caughtStep, proxyFirstStep } from './caught.ts';
import { gatewayImage, gatewaySteps } from './gateway.ts';
import { edgemeshObjects } from './objects.ts';
import { agentDaemonSet } from './pods.ts';

const phase = 'edgemesh';
const env = { KUBECONFIG: adminKubeconfig };

const edgemeshOf = (lab: Lab): NonNullable<Lab['install']['edgemesh']> => {
  if (!lab.install.edgemesh) throw new Error('EdgeMesh was planned for a lab that does not install it');
  return lab.install.edgemesh;
};

const imageOf = (lab: Lab): string => `kubeedge/edgemesh-agent:v${edgemeshOf(lab).version}`;

/** Puts the podCIDRs of all nodes where the configuration names the nodes. */
const fillPodCidrs = `cidrs=
for node in $NODES; do
  kubectl wait --for=create node/$node --timeout=240s >/dev/null &&
    kubectl wait --for=jsonpath='{.spec.podCIDR}' node/$node --timeout=60s >/dev/null || exit 1
  cidrs="$cidrs;s|${podCidrOf('$node')}|$(kubectl get node $node -o jsonpath='{.spec.podCIDR}')|"
done
sed "$cidrs" | kubectl create -f -`;

/** keadm makes the namespace; the label keeps agents from catching the API server's own ClusterIP. */
const prepareStep = (lab: Lab): Step => {
  const { cni } = edgemeshOf(lab);
  const nodes = [...cloudNodes(lab), ...edgeNodes(lab)].map(({ name }) => name).join(' ');
  return execStep(
    {
      ...{ id: 'edgemesh:prepare', title: 'kinds, rights and configuration', phase, needs: ['kubernetes:init'] },
      timeoutSeconds: cni ? 300 : 120,
    },
    controlPlane(lab).name,
    {
      text: [
        `kubectl wait --for=create namespace/${namespace} --timeout=100s >/dev/null &&`,
        `kubectl label service kubernetes service.edgemesh.kubeedge.io/service-proxy-name= --overwrite${cni ? ' || exit 1' : ' &&'}`,
        cni ? fillPodCidrs : 'exec kubectl create -f -',
      ].join('\n'),
      env: { ...env, ...(cni ? { NODES: nodes } : {}) },
      stdin: toList(edgemeshObjects(agentConfig(lab, edgemeshOf(lab)), { cni })),
    },
  );
};

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
  const { psk, cni } = edgemeshOf(lab);
  const routes = cni ? edgeNodes(lab).flatMap((node) => neighbourSteps(lab, node).map(({ id }) => id)) : [];
  return createStep(
    lab,
    {
      id: 'edgemesh:agents',
      title: 'agents',
      phase,
      needs: [
        ...['edgemesh:prepare', ...(psk ? ['edgemesh:psk'] : []), ...routes],
        ...cloudNodes(lab).map(({ name }) => `edgemesh:kube-proxy:${name}`),
      ],
    },
    [agentDaemonSet({ image: imageOf(lab), apiServer: controlPlane(lab).address, psk })],
  );
};

/** Its images are published ones. Proved on each node: ClusterIPs lead into its agent. */
export const edgemesh: Component = {
  kind: 'edgemesh',
  wanted: (lab) => lab.install.edgemesh !== undefined,
  title: (lab) => `edgemesh ${edgemeshOf(lab).version}, ${listWords(edgemeshOf(lab).relays)} relaying`,
  storeImages: () => [],
  externalImages: (lab) => [imageOf(lab), ...(edgemeshOf(lab).gateway === undefined ? [] : [gatewayImage(edgemeshOf(lab))])],
  steps: (lab) => [
    ...cloudNodes(lab).map(proxyFirstStep),
    prepareStep(lab),
    ...(edgemeshOf(lab).psk ? [pskStep(lab)] : []),
    agentsStep(lab),
    ...gatewaySteps(lab, edgemeshOf(lab)),
    ...[...cloudNodes(lab), ...edgeNodes(lab)].map((node) => caughtStep(lab, node)),
  ],
};
