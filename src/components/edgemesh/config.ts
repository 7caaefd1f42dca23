/** Configuration of agents and gateway (upstream kinds `EdgeMeshAgent` and `EdgeMeshGateway`): only what differs from their defaults. */
import { relayPort } from '../../lib/ports.ts';
import type { Ipv4 } from '../../model/address.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import { findWayIn } from '../../nat/nat.ts';
import { toText, type Manifest } from '../manifest.ts';
import { allNodes, cloudNodes, edgeNodes } from '../step.ts';
import { pskFile, pskFolder } from './addresses.ts';

type Edgemesh = NonNullable<Lab['install']['edgemesh']>;

/** Relays are named as Kubernetes knows them; their agents' identities are made from these names. */
const relayNodes = (lab: Lab, relays: readonly string[]): Manifest[] =>
  allNodes(lab)
    .filter(({ name }) => relays.includes(name))
    .map((node) => ({ nodeName: node.name, advertiseAddress: [...new Set([node.address, ...outsideOf(lab, node)])] }));

/** Of a relay behind a router that forwards: where those outside find it. */
const outsideOf = (lab: Lab, { site, address }: LabNode): Ipv4[] => {
  const way = findWayIn(lab, { site, address, port: relayPort, protocol: 'tcp' });
  return 'open' in way ? [way.open.address] : [];
};

const tunnel = (lab: Lab, { relays, psk, finderPeriod }: Edgemesh): Manifest => ({
  enable: true,
  relayNodes: relayNodes(lab, relays),
  finderPeriod,
  psk: { enable: psk, path: `${pskFolder}/${pskFile}` },
});

/** Stands for the podCIDR of a node, which is known only once it has joined. */
export const podCidrOf = (node: string): string => `@${node}@`;

/** edgeCNI takes the podCIDRs of all nodes, and routes to the tunnel those that are not its own. */
const cni = (lab: Lab): Manifest => ({
  enable: true,
  meshCIDRConfig: {
    cloudCIDR: cloudNodes(lab).map(({ name }) => podCidrOf(name)),
    edgeCIDR: edgeNodes(lab).map(({ name }) => podCidrOf(name)),
  },
});

/** `edgemesh-agent.yaml` for all agents; whether one is in the cloud or on an edge it finds out itself. */
export const agentConfig = (lab: Lab, edgemesh: Edgemesh): string =>
  toText({
    apiVersion: 'agent.edgemesh.config.kubeedge.io/v1alpha1',
    kind: 'EdgeMeshAgent',
    modules: {
      edgeProxy: { enable: true, socks5Proxy: { enable: edgemesh.socks5 } },
      edgeTunnel: tunnel(lab, edgemesh),
      ...(edgemesh.cni ? { edgeCNI: cni(lab) } : {}),
    },
  });

/** `edgemesh-gateway.yaml`. It listens where Gateway objects say, on all addresses of its node. */
export const gatewayConfig = (lab: Lab, edgemesh: Edgemesh): string =>
  toText({
    apiVersion: 'gateway.edgemesh.config.kubeedge.io/v1alpha1',
    kind: 'EdgeMeshGateway',
    modules: { edgeGateway: { enable: true }, edgeTunnel: tunnel(lab, edgemesh) },
  });
