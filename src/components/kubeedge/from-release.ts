/** KubeEdge from the files of a release that are on the nodes already: by keadm's old way, or by hand. Nothing is downloaded. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import type { KubeedgeInstall } from '../../model/install.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { awaitRuntime, controlPlane, execStep } from '../step.ts';
import { withImage } from '../take-programs.ts';
import { advertisedAddresses, entranceOf } from './entrance.ts';
import { setYaml } from './set-yaml.ts';
import { edgecoreDropIn, edgeSettings, forSetYaml, kubeedgeOf, phase } from './settings.ts';

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

type ReleaseWay = Exclude<KubeedgeInstall, 'keadm'>;

const cloudWays: Record<ReleaseWay, { title: string; lines: string[] }> = {
  // what it starts is a plain process, without the stream server: ended, and started anew as a service
  'keadm-deprecated': {
    title: 'keadm deprecated init, then cloudcore as a service',
    lines: [
      `keadm deprecated init --kubeedge-version="$VERSION" --advertise-address="$ADDRESSES" --kube-config=${adminKubeconfig}`,
      'kill "$(pidof cloudcore)"',
      'while pidof cloudcore >/dev/null; do sleep 0.1; done',
    ],
  },
  binary: {
    title: 'cloudcore from its binary, as a service',
    lines: [
      unpack('cloud/cloudcore/cloudcore'),
      'mkdir -p /etc/kubeedge/config',
      `cloudcore --defaultconfig > ${cloudConfig}`,
      'kubectl create namespace kubeedge',
      `set-yaml ${cloudConfig} kubeAPIConfig.kubeConfig=${adminKubeconfig} "modules.cloudHub.advertiseAddress=[$ADDRESSES]"`,
    ],
  },
};

export const cloudFromRelease = (lab: Lab, way: ReleaseWay): Step => {
  const node = controlPlane(lab);
  const { title, lines } = cloudWays[way];
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
        `set-yaml ${cloudConfig} ${modules.map((name) => `modules.${name}.enable=true`).join(' ')}`,
        // signed by the cluster's own CA, which the API server trusts
        'CLOUDCOREIPS="$ADDRESS" bash /etc/kubeedge/certgen.sh stream',
        startService('cloudcore'),
      ].join('\n'),
      env: {
        KUBECONFIG: adminKubeconfig,
        ADDRESS: node.address,
        ADDRESSES: advertisedAddresses(lab).join(','),
        VERSION: kubeedgeOf(lab).version,
      },
    },
    {
      files: [
        setYaml,
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

const edgeWays: Record<ReleaseWay, { title: (node: string) => string; before: string[]; settings: string[]; after: string }> = {
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
    ],
    // 2: the broker that it installs
    settings: ['modules.eventBus.mqttMode=2'],
    after: 'systemctl start mosquitto\nsystemctl restart edgecore',
  },
  binary: {
    title: (node) => `edgecore from its binary on ${node}, as a service`,
    before: [unpack('edge/edgecore'), 'mkdir -p /etc/kubeedge/config', `edgecore --defaultconfig > ${edgeConfig}`],
    settings: [
      '"modules.edgeHub.token=$TOKEN"',
      '"modules.edgeHub.httpServer=https://$HTTPS"',
      '"modules.edgeHub.websocket.server=$HUB"',
      '"modules.edged.hostnameOverride=$NODE"',
    ],
    after: startService('edgecore'),
  },
};

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
      text: ['set -e', awaitRuntime, placeRelease(lab), ...before, ['set-yaml', edgeConfig, '$COMMON', ...settings].join(' '), after].join(
        '\n',
      ),
      env: {
        TOKEN: { capture: 'kubeedge-token' },
        HUB: `${hub.address}:${hub.port}`,
        HTTPS: `${https.address}:${https.port}`,
        CERTPORT: String(https.port),
        COMMON: edgeSettings(lab, tunnel).map(forSetYaml).join(' '),
        VERSION: kubeedgeOf(lab).version,
        NODE: node.name,
      },
    },
    { files: [setYaml, edgecoreDropIn] },
  );
};
