/** Edges without flannel: a bridge or ptp CNI whose addresses come from the node's own podCIDR. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import type { Component } from '../component.ts';
import { controlPlane, edgeNodes, execStep } from '../step.ts';
import { neighbourSteps, podCidrCapture } from './neighbours.ts';

const phase = 'bridge-cni';

const podCidrStep = (lab: Lab, node: LabNode): Step =>
  execStep(
    { id: `bridge-cni:subnet:${node.name}`, title: `podCIDR of ${node.name}`, phase, needs: ['kubernetes:init'], timeoutSeconds: 240 },
    controlPlane(lab).name,
    {
      text: [
        `kubectl wait --for=create node/${node.name} --timeout=240s >/dev/null &&`,
        `kubectl wait --for=jsonpath='{.spec.podCIDR}' node/${node.name} --timeout=60s >/dev/null &&`,
        `kubectl get node ${node.name} -o jsonpath='{.spec.podCIDR}'`,
      ].join('\n'),
      env: { KUBECONFIG: adminKubeconfig },
    },
    { capture: { name: podCidrCapture(node.name), secret: false } },
  );

/** The bridge is named cni0 as flannel's would be; with ptp each pod has a wire of its own to the node, which routes. */
const wirings = {
  bridge: { type: 'bridge', bridge: 'cni0', isGateway: true, ipMasq: true, promiscMode: true },
  ptp: { type: 'ptp', ipMasq: true },
} as const;

type Wiring = keyof typeof wirings;
const wiringOf = ({ install }: Lab): Wiring => install.edgeCni?.type ?? 'bridge';

/** CNI 0.3.1: what containerd 1.6 and the plugins agree on. */
const conflist = (wiring: Wiring): string =>
  JSON.stringify({
    cniVersion: '0.3.1',
    name: wiring,
    plugins: [
      {
        ...wirings[wiring],
        ipam: { type: 'host-local', ranges: [[{ subnet: '@POD_CIDR@' }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  });

const writeStep = (node: LabNode, wiring: Wiring): Step =>
  execStep(
    {
      id: `bridge-cni:write:${node.name}`,
      title: `${wiring} CNI on ${node.name}`,
      phase,
      needs: [`bridge-cni:subnet:${node.name}`, `link:${node.name}`],
      timeoutSeconds: 30,
    },
    node.name,
    {
      // written under another name first: containerd must never read half a file
      text: [
        'mkdir -p /etc/cni/net.d && cd /etc/cni/net.d',
        `sed "s|@POD_CIDR@|$POD_CIDR|" > .10-${wiring}.conflist.new && mv .10-${wiring}.conflist.new 10-${wiring}.conflist`,
      ].join('\n'),
      env: { POD_CIDR: { capture: podCidrCapture(node.name) } },
      stdin: conflist(wiring),
    },
  );

/** Wanted for KubeEdge edges that neither flannel nor FabEdge serves. */
const wanted = (lab: Lab): boolean =>
  lab.install.kubeedge !== undefined &&
  edgeNodes(lab).length > 0 &&
  !lab.install.flannel?.on.includes('edge') &&
  lab.install.fabedge === undefined;

/** An edge has its CNI configuration when it has joined: its podCIDR is not known before. */
export const bridgeCni: Component = {
  kind: 'bridge-cni',
  wanted,
  title: (lab) => `${wiringOf(lab)} CNI on edge nodes`,
  storeImages: () => [],
  steps: (lab) =>
    edgeNodes(lab).flatMap((node) => [
      podCidrStep(lab, node),
      writeStep(node, wiringOf(lab)),
      // edgeCNI leaves to the CNI what a CNI can do: it takes no route that is there already
      ...(lab.install.edgemesh?.cni === true ? neighbourSteps(lab, node) : []),
    ]),
};
