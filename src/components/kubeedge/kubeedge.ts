/** KubeEdge by keadm: cloudcore in the cloud, edges joined through their NATs. */
import { usualCloudcorePorts } from '../../lib/cloudcore.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import type { Component } from '../component.ts';
import { evictionHard, imageGCHighThresholdPercent } from '../eviction.ts';
import { bridgeAddress } from '../edgemesh/addresses.ts';
import { edgeDnsAddress } from '../fabedge/names.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { adminKubeconfig, awaitRuntime, cloudNodes, controlPlane, edgeNodes, execStep, waitStep } from '../step.ts';
import { advertisedAddresses, behindNodePorts, entranceOf, ownHttps } from './entrance.ts';

const phase = 'kubeedge';

const versionOf = (lab: Lab): string => {
  if (!lab.install.kubeedge) throw new Error('KubeEdge was planned for a lab that does not install it');
  return lab.install.kubeedge.version;
};

/** Arguments of a command, one per line for the reader; none of them needs quoting in sh. */
const commandLine = (...parts: string[]): string => parts.join(' \\\n  ');

const initStep = (lab: Lab): Step => {
  const node = controlPlane(lab);
  return execStep(
    { id: 'kubeedge:init', title: `keadm init on ${node.name}`, phase, needs: ['kubernetes:init'], timeoutSeconds: 120 },
    node.name,
    {
      text: `exec ${commandLine(
        'keadm init',
        `--kubeedge-version=v${versionOf(lab)}`,
        `--advertise-address=${advertisedAddresses(lab).join(',')}`,
        `--kube-config=${adminKubeconfig}`,
        `--image-repository=${imageRepository}`,
        // in its node's network edges and the API server look for it at the control plane's address
        ...(cloudNodes(lab).length > 1 && !behindNodePorts(lab)
          ? [`--set 'cloudCore.nodeSelector.kubernetes\\.io/hostname=${node.name}'`]
          : []),
        '--set cloudCore.modules.dynamicController.enable=true',
        '--set cloudCore.modules.cloudStream.enable=true',
        `--set cloudCore.hostNetWork=${String(!behindNodePorts(lab))}`,
        // cloudcore needs no pod network: it may start while flannel still does
        `--set 'cloudCore.tolerations[0].operator=Exists'`,
        `--set 'iptablesManager.tolerations[0].operator=Exists'`,
        // the chart's 200m would throttle cloudcore's start on an otherwise idle core
        '--set cloudCore.resources.limits.cpu=2',
        '--set mosquitto.enable=false',
      )}`,
    },
  );
};

/** cloudcore writes the join token when it is up; the edges' certificates come from its port 10002. */
const tokenStep = (lab: Lab): Step =>
  execStep(
    { id: 'kubeedge:token', title: 'cloudcore ready, join token issued', phase, needs: ['kubernetes:init'], timeoutSeconds: 120 },
    controlPlane(lab).name,
    {
      text: [
        'set -e',
        'kubectl -n kubeedge wait --for=create secret/tokensecret --timeout=120s >/dev/null',
        `until curl -ks -o /dev/null https://${ownHttps(lab)}/; do sleep 0.1; done`,
        `kubectl -n kubeedge get secret tokensecret -o jsonpath='{.data.tokendata}' | base64 -d`,
      ].join('\n'),
      env: { KUBECONFIG: adminKubeconfig },
    },
    { capture: { name: 'kubeedge-token', secret: true } },
  );

/**
 * edgecore drops a response that arrives before the asking goroutine waits for it, and then stalls 60 s (beehive
 * `SendResp`, "no goroutine is ready for receive"). On a busy host the wake-up of a second thread makes that likely;
 * one scheduler thread, as on a single-core edge device, makes it practically impossible (docs/adr/0004).
 */
const edgecoreDropIn = '[Service]\nEnvironment=GOMAXPROCS=1\n';

/** The settings of edgecore's kubelet. */
const kubelet = 'modules.edged.tailoredKubeletConfig';

/** Pods of an edge ask the tunnel's agent on their own node for names, where there is one: the cluster's DNS is out of reach. */
const dnsSettings = ({ install }: Lab): string[] => {
  const address = install.edgemesh ? bridgeAddress : install.fabedge ? edgeDnsAddress : undefined;
  if (address === undefined) return [];
  return [`${kubelet}.clusterDNS={${address}}`, `${kubelet}.clusterDomain=cluster.local`];
};

/**
 * FabEdge tells its agents of changes by a ConfigMap, which a pod sees when edged looks at it again: by default once a minute.
 * Its agents mount one Secret twice: asked for at once, one of the two answers is lost; the cache asks one after the other
 * (docs/adr/0013).
 */
const fabedgeSettings = ({ install }: Lab): string[] => {
  return install.fabedge ? [`${kubelet}.syncFrequency=3s`, `${kubelet}.configMapAndSecretChangeDetectionStrategy=Cache`] : [];
};

const joinStep = (lab: Lab, node: LabNode): Step => {
  const { hub, https, tunnel } = entranceOf(lab, node);
  return execStep(
    {
      id: `kubeedge:join:${node.name}`,
      title: `keadm join ${node.name}`,
      phase,
      needs: [`link:${node.name}`, 'kubeedge:token'],
      timeoutSeconds: 180,
    },
    node.name,
    {
      text: `${awaitRuntime}\nexec ${commandLine(
        'keadm join',
        `--kubeedge-version=v${versionOf(lab)}`,
        `--cloudcore-ipport=${hub.address}:${hub.port}`,
        ...(https.port === usualCloudcorePorts.https ? [] : [`--certport=${https.port}`]),
        '--token="$TOKEN"',
        `--edgenode-name=${node.name}`,
        '--cgroupdriver=cgroupfs',
        '--remote-runtime-endpoint=unix:///run/containerd/containerd.sock',
        `--image-repository=${imageRepository}`,
        `--set ${[
          `modules.metaManager.metaServer.enable=${String(lab.install.kubeedge?.metaServer ?? true)}`,
          'modules.edgeStream.enable=true',
          `modules.edgeStream.server=${tunnel.address}:${tunnel.port}`,
          // 0: no MQTT broker on the node
          'modules.eventBus.mqttMode=0',
          `${kubelet}.cgroupRoot=/kubelet`,
          `${kubelet}.evictionHard={${Object.entries(evictionHard)
            .map((entry) => entry.join(':'))
            .join(',')}}`,
          `${kubelet}.imageGCHighThresholdPercent=${imageGCHighThresholdPercent}`,
          ...dnsSettings(lab),
          ...fabedgeSettings(lab),
        ].join(',')}`,
      )}`,
      env: { TOKEN: { capture: 'kubeedge-token' } },
    },
    { files: [{ path: '/etc/systemd/system/edgecore.service.d/edgelab.conf', mode: 0o644, content: edgecoreDropIn }] },
  );
};

/** What lets `kubectl logs` and `exec` reach an edge behind a NAT: the manager's rule on the API server's node. */
const streamStep = (lab: Lab): Step =>
  waitStep(
    { id: 'kubeedge:stream', title: 'cloudStream rule for logs and exec', phase, needs: ['kubeedge:token'], timeoutSeconds: 120 },
    controlPlane(lab).name,
    { text: `until iptables -w -t nat -S TUNNEL-PORT 2>/dev/null | grep DNAT; do echo "no DNAT rule in TUNNEL-PORT yet"; sleep 0.3; done` },
    true,
  );

export const kubeedge: Component = {
  kind: 'kubeedge',
  wanted: (lab) => lab.install.kubeedge !== undefined,
  title: (lab) => {
    const edges = edgeNodes(lab).length;
    return `kubeedge ${versionOf(lab)}, ${edges} ${edges === 1 ? 'edge' : 'edges'} joined`;
  },
  storeImages: () => ['cloudcore', 'iptables-manager', 'installation-package'],
  steps: (lab) => [initStep(lab), tokenStep(lab), ...edgeNodes(lab).map((node) => joinStep(lab, node)), streamStep(lab)],
};
