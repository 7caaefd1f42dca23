/** What cloudcore and edgecore are told, however they are installed. */
import type { Lab } from '../../model/lab.ts';
import type { Endpoint } from '../../nat/nat.ts';
import { bridgeAddress } from '../edgemesh/addresses.ts';
import { evictionHard, imageGCHighThresholdPercent } from '../eviction.ts';
import { edgeDnsAddress } from '../fabedge/names.ts';

/** Of all steps of KubeEdge: its `Component.kind`. */
export const phase = 'kubeedge';

/** Throws where KubeEdge is not installed: its steps are planned only where it is. */
export const kubeedgeOf = ({ install }: Lab): NonNullable<Lab['install']['kubeedge']> => {
  if (!install.kubeedge) throw new Error('KubeEdge was planned for a lab that does not install it');
  return install.kubeedge;
};

/**
 * edgecore drops a response that arrives before the asking goroutine waits for it, and then stalls 60 s (beehive
 * `SendResp`, "no goroutine is ready for receive"). On a busy host the wake-up of a second thread makes that likely;
 * one scheduler thread, as on a single-core edge device, makes it practically impossible (docs/adr/0004).
 */
export const edgecoreDropIn = {
  path: '/etc/systemd/system/edgecore.service.d/edgelab.conf',
  mode: 0o644,
  content: '[Service]\nEnvironment=GOMAXPROCS=1\n',
};

/** Place in cloudcore.yaml or edgecore.yaml, keys with dots between, and what is written there. */
export type Setting = readonly [path: string, value: string | number | boolean | readonly string[] | Readonly<Record<string, string>>];

const kubelet = 'modules.edged.tailoredKubeletConfig';

/** Pods of an edge ask the tunnel's agent on their own node for names, where there is one: the cluster's DNS is out of reach. */
const dnsSettings = ({ install }: Lab): Setting[] => {
  const address = install.edgemesh ? bridgeAddress : install.fabedge ? edgeDnsAddress : undefined;
  return address === undefined
    ? []
    : [
        [`${kubelet}.clusterDNS`, [address]],
        [`${kubelet}.clusterDomain`, 'cluster.local'],
      ];
};

/**
 * FabEdge tells its agents of changes by a ConfigMap, which a pod sees when edged looks at it again: by default once a minute.
 * Its agents mount one Secret twice: asked for at once, one of the two answers is lost; the cache asks one after the other
 * (docs/adr/0013).
 */
const fabedgeSettings = ({ install }: Lab): Setting[] =>
  install.fabedge
    ? [
        [`${kubelet}.syncFrequency`, '3s'],
        [`${kubelet}.configMapAndSecretChangeDetectionStrategy`, 'Cache'],
      ]
    : [];

const diskSettings: Setting[] = [
  [`${kubelet}.evictionHard`, evictionHard],
  [`${kubelet}.imageGCHighThresholdPercent`, imageGCHighThresholdPercent],
];

/** For edgecore.yaml. `tunnel`: where this edge finds cloudcore's stream server. */
export const edgeSettings = (lab: Lab, tunnel: Endpoint): Setting[] => [
  ['modules.metaManager.metaServer.enable', kubeedgeOf(lab).metaServer],
  ['modules.edgeStream.enable', true],
  ['modules.edgeStream.server', `${tunnel.address}:${tunnel.port}`],
  // 0: no MQTT broker on the node
  ['modules.eventBus.mqttMode', 0],
  [`${kubelet}.cgroupRoot`, '/kubelet'],
  ...diskSettings,
  ...dnsSettings(lab),
  ...fabedgeSettings(lab),
];

/** For `keadm join --set`: lists and mappings are in braces, without quotes. */
export const forKeadm = ([path, value]: Setting): string => {
  if (typeof value !== 'object') return `${path}=${String(value)}`;
  const items = Array.isArray(value) ? value : Object.entries(value).map(([key, one]) => `${key}:${one}`);
  return `${path}={${items.join(',')}}`;
};

type Patch = { [key: string]: Patch | Setting[1] };

/** As a JSON merge patch (RFC 7386): mappings are merged, all else is replaced; the later of two wins. */
export const forPatch = (settings: readonly Setting[]): string => {
  const patch: Patch = {};
  for (const [path, value] of settings) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let at = patch;
    for (const key of keys) at = (at[key] ??= {}) as Patch;
    at[last] = value;
  }
  return JSON.stringify(patch);
};
