/** The agent's configuration (upstream kind `EdgeMeshAgent`, group agent.edgemesh.config.kubeedge.io): only what differs from its defaults. */
import type { Lab } from '../../model/lab.ts';
import { toText, type Manifest } from '../manifest.ts';
import { allNodes } from '../step.ts';
import { pskFile, pskFolder } from './addresses.ts';

type Edgemesh = NonNullable<Lab['install']['edgemesh']>;

/** Relays are named as Kubernetes knows them; their agents' identities are made from these names. */
const relayNodes = (lab: Lab, relays: readonly string[]): Manifest[] =>
  allNodes(lab)
    .filter(({ name }) => relays.includes(name))
    .map(({ name, address }) => ({ nodeName: name, advertiseAddress: [address] }));

/** `edgemesh-agent.yaml` for all agents; whether one is in the cloud or on an edge it finds out itself. */
export const agentConfig = (lab: Lab, { relays, psk, socks5, finderPeriod }: Edgemesh): string =>
  toText({
    apiVersion: 'agent.edgemesh.config.kubeedge.io/v1alpha1',
    kind: 'EdgeMeshAgent',
    modules: {
      edgeProxy: { enable: true, socks5Proxy: { enable: socks5 } },
      edgeTunnel: {
        enable: true,
        relayNodes: relayNodes(lab, relays),
        finderPeriod,
        psk: { enable: psk, path: `${pskFolder}/${pskFile}` },
      },
    },
  });
