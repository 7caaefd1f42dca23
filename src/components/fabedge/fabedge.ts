/** FabEdge: IPsec tunnels from every edge to a connector in the cloud, and Services and names on the edges. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import type { Component } from '../component.ts';
import { toList } from '../manifest.ts';
import { awaitRuntime, cloudNodes, controlPlane, edgeNodes, execStep } from '../step.ts';
import { withImage } from '../take-programs.ts';
import { cloudManifests } from './cloud.ts';
import { communityManifests } from './communities.ts';
import { connectorLabel, connectorNode, fabedgeImage, fabedgeOf, manifestsFolder, namespace } from './names.ts';
import { metaServerRole, operatorDeployment } from './operator.ts';
import { secretsScript } from './secrets.ts';
import { agentsStep, endpointsStep, tunnelStep } from './tunnels.ts';

const phase = 'fabedge';
const env = { KUBECONFIG: adminKubeconfig };

/** First of all: a Secret that a pod of an edge asks for before it is there costs edgecore a minute. */
const secretsStep = (lab: Lab): Step =>
  execStep(
    { id: 'fabedge:secrets', title: 'certificate authority', phase, needs: ['kubernetes:init'], timeoutSeconds: 60 },
    controlPlane(lab).name,
    { text: secretsScript, env },
  );

/** CRDs and RBAC as the pinned module has them, read out of the operator's image. A kind just made has no conditions yet, which kubectl takes for an error. */
const definitionsStep = (lab: Lab): Step =>
  execStep(
    { id: 'fabedge:definitions', title: 'kinds, rights and communities', phase, needs: ['fabedge:secrets'], timeoutSeconds: 60 },
    controlPlane(lab).name,
    {
      text: `${awaitRuntime}
set -eu
${withImage(fabedgeImage(lab, 'operator'), `kubectl apply -f "$mounted/${manifestsFolder}"`)}
until kubectl wait --for=condition=Established crd/communities.fabedge.io crd/clusters.fabedge.io --timeout=30s; do sleep 0.1; done
kubectl create -f -`,
      env,
      stdin: toList([metaServerRole, ...communityManifests(lab)]),
    },
  );

/** After all nodes of the cloud are known: what an edge is told first holds then, and need not be told again. */
const operatorStep = (lab: Lab): Step => {
  const workers = cloudNodes(lab).filter(({ role }) => role === 'worker');
  return execStep(
    {
      id: 'fabedge:operator',
      title: 'operator',
      phase,
      needs: ['fabedge:definitions', ...workers.map(({ name }) => `kubernetes:join:${name}`)],
      timeoutSeconds: 60,
    },
    controlPlane(lab).name,
    {
      text: `kubectl label node ${connectorNode(lab).name} ${connectorLabel}= --overwrite && exec kubectl create -f -`,
      env,
      stdin: toList([operatorDeployment(lab)]),
    },
  );
};

/** Early, so that it is there when the first edge calls: it starts with what the operator makes at once. */
const connectorStep = (lab: Lab): Step =>
  execStep(
    {
      id: 'fabedge:connector',
      title: `connector on ${connectorNode(lab).name}`,
      phase,
      needs: ['fabedge:operator'],
      timeoutSeconds: 120,
    },
    controlPlane(lab).name,
    {
      text: `for wanted in configmap/connector-config secret/connector-tls; do
  kubectl -n ${namespace} wait --for=create "$wanted" --timeout=100s >/dev/null || exit 1
done
exec kubectl create -f -`,
      env,
      stdin: toList(cloudManifests(lab)),
    },
  );

/**
 * The agent gives its DNS address to a dummy device; where the kernel has none, a bridge without ports does the same.
 *
 * Between the nodes themselves there is no tunnel, only for their pods; a kernel with ESP knows that by its policies. User
 * space has routes instead, and those to the cloud's nodes would take edgecore's own connection too: the rules keep what
 * the node itself sends there (`iif lo`) before charon's table (219).
 */
const deviceUnit = (lab: Lab): string => `[Unit]
Description=Device and routing rules that FabEdge's agent needs
Before=edgecore.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'ip link add fabedge-dummy0 type dummy 2>/dev/null || ip link add fabedge-dummy0 type bridge; ip link set fabedge-dummy0 up'
${cloudNodes(lab)
  .map(({ address }) => `ExecStart=/sbin/ip rule add pref 218 iif lo to ${address} lookup main`)
  .join('\n')}
[Install]
WantedBy=multi-user.target
`;

const prepareStep = (lab: Lab, node: LabNode): Step =>
  execStep(
    { id: `fabedge:prepare:${node.name}`, title: `prepare ${node.name}`, phase, needs: [`link:${node.name}`], timeoutSeconds: 60 },
    node.name,
    {
      text: `${awaitRuntime}
mkdir -p /lib/modules && exec systemctl enable --now --quiet fabedge-device.service`,
    },
    { files: [{ path: '/etc/systemd/system/fabedge-device.service', mode: 0o644, content: deviceUnit(lab) }] },
  );

/** All of its images are built here. Proved on each edge: SAs with the connector, and an answer through them. */
export const fabedge: Component = {
  kind: 'fabedge',
  wanted: (lab) => lab.install.fabedge !== undefined,
  title: (lab) => `fabedge ${fabedgeOf(lab).version}, connector on ${fabedgeOf(lab).connector}`,
  storeImages: () => ['fabedge-operator', 'fabedge-connector', 'fabedge-cloud-agent', 'fabedge-agent', 'strongswan'],
  steps: (lab) => [
    secretsStep(lab),
    definitionsStep(lab),
    operatorStep(lab),
    ...edgeNodes(lab).map((node) => prepareStep(lab, node)),
    endpointsStep(lab),
    connectorStep(lab),
    agentsStep(lab),
    ...edgeNodes(lab).map((node) => tunnelStep(lab, node)),
  ],
};
