/** KubeEdge from the files of a release that are on the nodes already: by keadm's old way, or by hand. Nothing is downloaded. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import type { KubeedgeInstall } from '../../model/install.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { awaitRuntime, controlPlane, execStep } from '../step.ts';
import { withImage } from '../take-programs.ts';
import { advertisedAddresses, entranceOf } from './entrance.ts';
import { edgecoreDropIn, edgeSettings, forPatch, kubeedgeOf, phase, type Setting } from './settings.ts';

const cloudConfig = '/etc/kubeedge/config/cloudcore.yaml';
const edgeConfig = '/etc/kubeedge/config/edgecore.yaml';

/** The bundle: tarball, checksum, CRDs, units and certgen.sh, and packages as a file repository of apt. */
const placeRelease = (lab: Lab): string =>
  withImage(
    `${imageRepository}/kubeedge-release:v${kubeedgeOf(lab).version}`,
    'mkdir -p /etc/kubeedge && cp -r "$mounted"/release/. "$mounted"/packages /etc/kubeedge/',
  );

/** A program of the tarball into /usr/local/bin. */
const unpack = (program: string): string =>
  `tar -xzf /etc/kubeedge/kubeedge-v*.tar.gz -C /usr/local/bin --wildcards --transform='s|.*/||' '*/${program}'`;

const startService = (name: string): string =>
  `cp /etc/kubeedge/${name}.service /etc/systemd/system/ && systemctl daemon-reload && systemctl enable --quiet --now ${name}`;

/** Changes settings in a file as an operator may, with what every node has; `patch` is a word of the shell (docs/adr/0033). */
const patchConfig = (file: string, patch: string): string =>
  `patched=$(kubectl patch --local --type=merge -f ${file} -p ${patch} -o yaml)\nprintf '%s\\n' "$patched" > ${file}`;

type ReleaseWay = Exclude<KubeedgeInstall, 'keadm'>;

const cloudWays: Record<ReleaseWay, { title: string; lines: string[]; settings: (lab: Lab) => Setting[] }> = {
  // what it starts is a plain process, without the stream server: ended, and started anew as a service
  'keadm-deprecated': {
    title: 'keadm deprecated init, then cloudcore as a service',
    lines: [
      `keadm deprecated init --kubeedge-version="$VERSION" --advertise-address="$ADDRESSES" --kube-config=${adminKubeconfig}`,
      'kill "$(pidof cloudcore)"',
      'while pidof cloudcore >/dev/null; do sleep 0.1; done',
    ],
    settings: () => [],
  },
  binary: {
    title: 'cloudcore from its binary, as a service',
    lines: [
      unpack('cloud/cloudcore/cloudcore'),
      'mkdir -p /etc/kubeedge/config',
      `cloudcore --defaultconfig > ${cloudConfig}`,
      'kubectl create namespace kubeedge',
    ],
    settings: (lab) => [
      ['kubeAPIConfig.kubeConfig', adminKubeconfig],
      ['modules.cloudHub.advertiseAddress', advertisedAddresses(lab)],
    ],
  },
};

/** The step `kubeedge:init`, in place of keadm's. */
export const cloudFromRelease = (lab: Lab, way: ReleaseWay): Step => {
  const node = controlPlane(lab);
  const { title, lines, settings } = cloudWays[way];
  // metaServers have what the dynamicController sends
  const modules = ['cloudStream', ...(kubeedgeOf(lab).metaServer ? ['dynamicController'] : [])];
  return execStep(
    { id: 'kubeedge:init', title, phase, needs: ['kubernetes:init'], timeoutSeconds: 120 },
    node.name,
    {
      text: [
        'set -e',
        placeRelease(lab),
        // keadm's old way knows six of them
        'kubectl apply --recursive -f /etc/kubeedge/crds >/dev/null',
        ...lines,
        patchConfig(cloudConfig, '"$SETTINGS"'),
        // signed by the cluster's own CA, which the API server trusts
        'CLOUDCOREIPS="$ADDRESS" bash /etc/kubeedge/certgen.sh stream',
        startService('cloudcore'),
      ].join('\n'),
      env: {
        KUBECONFIG: adminKubeconfig,
        ADDRESS: node.address,
        ADDRESSES: advertisedAddresses(lab).join(','),
        SETTINGS: forPatch([...settings(lab), ...modules.map((name): Setting => [`modules.${name}.enable`, true])]),
        VERSION: kubeedgeOf(lab).version,
      },
    },
    {
      files: [
        {
          path: '/etc/systemd/system/cloudcore.service.d/edgelab.conf',
          mode: 0o644,
          // else it waits up to 9 s before it begins (docs/adr/0004)
          content: '[Service]\nEnvironment=GODEBUG=randautoseed=0\n',
        },
      ],
    },
  );
};

type EdgeWay = {
  title: (node: string) => string;
  before: string[];
  /** Beside those that edges have however they are installed. */
  settings: (lab: Lab, node: LabNode) => Setting[];
  after: string;
};

const edgeWays: Record<ReleaseWay, EdgeWay> = {
  'keadm-deprecated': {
    title: (node) => `keadm deprecated join ${node}`,
    before: [
      // the MQTT broker, which it installs as a package
      'echo "deb [trusted=yes] file:/etc/kubeedge/packages ./" > /etc/apt/sources.list',
      'rm -f /etc/apt/sources.list.d/*',
      'apt-get update -q',
      [
        'keadm deprecated join --cloudcore-ipport="$HUB" --certport="$CERTPORT" --kubeedge-version="$VERSION" --token="$TOKEN" --edgenode-name="$NODE"',
        '--cgroupdriver=cgroupfs --remote-runtime-endpoint=unix:///run/containerd/containerd.sock',
      ].join(' '),
      // once it has its certificate it writes its file anew, without the token, from what it read at its start: what is changed meanwhile is lost
      'systemctl stop edgecore',
    ],
    // 2: the broker that it installs
    settings: () => [['modules.eventBus.mqttMode', 2]],
    after: 'systemctl start mosquitto edgecore',
  },
  binary: {
    title: (node) => `edgecore from its binary on ${node}, as a service`,
    before: [
      unpack('edge/edgecore'),
      'mkdir -p /etc/kubeedge/config',
      `edgecore --defaultconfig > ${edgeConfig}`,
      patchConfig(edgeConfig, `'{"modules":{"edgeHub":{"token":"'"$TOKEN"'"}}}'`),
    ],
    settings: (lab, node) => {
      const { hub, https } = entranceOf(lab, node);
      return [
        ['modules.edgeHub.httpServer', `https://${https.address}:${https.port}`],
        ['modules.edgeHub.websocket.server', `${hub.address}:${hub.port}`],
        ['modules.edged.hostnameOverride', node.name],
      ];
    },
    after: startService('edgecore'),
  },
};

/** The step `kubeedge:join:<node>`, in place of keadm's. */
export const edgeFromRelease = (lab: Lab, node: LabNode, way: ReleaseWay): Step => {
  const { title, before, settings, after } = edgeWays[way];
  const { hub, https, tunnel } = entranceOf(lab, node);
  return execStep(
    {
      id: `kubeedge:join:${node.name}`,
      title: title(node.name),
      phase,
      needs: [`link:${node.name}`, 'kubeedge:token'],
      timeoutSeconds: 180,
    },
    node.name,
    {
      text: ['set -e', awaitRuntime, placeRelease(lab), ...before, patchConfig(edgeConfig, '"$SETTINGS"'), after].join('\n'),
      env: {
        TOKEN: { capture: 'kubeedge-token' },
        HUB: `${hub.address}:${hub.port}`,
        CERTPORT: String(https.port),
        SETTINGS: forPatch([...edgeSettings(lab, tunnel), ...settings(lab, node)]),
        VERSION: kubeedgeOf(lab).version,
        NODE: node.name,
      },
    },
    { files: [edgecoreDropIn] },
  );
};
