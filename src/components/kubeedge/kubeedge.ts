/** KubeEdge: cloudcore in the cloud, edges joined through their NATs; by keadm, or from the files of a release. */
import { usualCloudcorePorts } from '../../lib/cloudcore.ts';
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import { plural } from '../../lib/names.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Cure, Remark, Step } from '../../model/plan.ts';
import type { Component } from '../component.ts';
import { imageRepository } from '../kubernetes/images.ts';
import { awaitRuntime, cloudNodes, controlPlane, edgeNodes, execStep, waitStep } from '../step.ts';
import { advertisedAddresses, behindNodePorts, entranceOf, ownHttps } from './entrance.ts';
import { cloudFromRelease, edgeFromRelease } from './from-release.ts';
import { edgecoreDropIn, edgeSettings, forKeadm, kubeedgeOf, phase } from './settings.ts';

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
        `--kubeedge-version=v${kubeedgeOf(lab).version}`,
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
        `--kubeedge-version=v${kubeedgeOf(lab).version}`,
        `--cloudcore-ipport=${hub.address}:${hub.port}`,
        ...(https.port === usualCloudcorePorts.https ? [] : [`--certport=${https.port}`]),
        '--token="$TOKEN"',
        `--edgenode-name=${node.name}`,
        '--cgroupdriver=cgroupfs',
        '--remote-runtime-endpoint=unix:///run/containerd/containerd.sock',
        `--image-repository=${imageRepository}`,
        `--set ${edgeSettings(lab, tunnel).map(forKeadm).join(',')}`,
      )}`,
      env: { TOKEN: { capture: 'kubeedge-token' } },
    },
    { files: [edgecoreDropIn] },
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

/**
 * edgecore that lost an answer (docs/adr/0004) is started anew, which takes seconds, where who asked would wait a minute. Three times at most;
 * lines of an edgecore that has ended since are past.
 */
const renewEdgecore = ({ name }: LabNode): Cure => ({
  container: name,
  after: `kubeedge:join:${name}`,
  script: {
    text: `renewed=0
journalctl --unit=edgecore --follow --lines=all --output=short | grep --line-buffered 'no goroutine is ready' | while read -r line; do
  case $line in
    *"[$(systemctl show --property=MainPID --value edgecore)]: "*) ;;
    *) continue ;;
  esac
  [ "$renewed" -lt 3 ] || exit 0
  renewed=$((renewed + 1))
  systemctl restart edgecore && echo "edgecore on $NODE lost one of its own answers, and was started anew"
done`,
    env: { NODE: name },
  },
});

/** Why an edge took a minute more (docs/adr/0004). */
const lostAnswers = ({ name }: LabNode): Remark => ({
  container: name,
  script: {
    text: `lost=$(journalctl --unit=edgecore --output=cat --no-pager 2>/dev/null | grep -c 'no goroutine is ready')
[ "$lost" = 0 ] || echo "edgecore on $NODE lost $lost of its own answers (its log: no goroutine is ready): who asked waits up to a minute for each"`,
    env: { NODE: name },
  },
});

/** Edges are proved Ready by `kubernetes:ready`; here, that `kubectl logs` and `exec` find their way to them. */
export const kubeedge: Component = {
  kind: 'kubeedge',
  wanted: (lab) => lab.install.kubeedge !== undefined,
  title: (lab) => {
    const edges = edgeNodes(lab).length;
    const { version, install } = kubeedgeOf(lab);
    return `kubeedge ${version}${install === 'keadm' ? '' : ` (${install})`}, ${plural(edges, 'edge')} joined`;
  },
  storeImages: (lab) =>
    kubeedgeOf(lab).install === 'keadm' ? ['cloudcore', 'iptables-manager', 'installation-package'] : ['kubeedge-release'],
  steps: (lab) => {
    const { install } = kubeedgeOf(lab);
    const join = (node: LabNode): Step => (install === 'keadm' ? joinStep(lab, node) : edgeFromRelease(lab, node, install));
    return [
      install === 'keadm' ? initStep(lab) : cloudFromRelease(lab, install),
      tokenStep(lab),
      ...edgeNodes(lab).map(join),
      streamStep(lab),
    ];
  },
  cures: (lab) => edgeNodes(lab).map(renewEdgecore),
  remarks: (lab) => edgeNodes(lab).map(lostAnswers),
};
