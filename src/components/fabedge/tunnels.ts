/** The proof that tunnels stand: each edge has its SAs with the connector, and an answer through them. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Script, Step } from '../../model/plan.ts';
import { controlPlane, edgeNodes, kubernetesOf, waitStep } from '../step.ts';
import { watchScript } from '../watch.ts';
import { endpointName, namespace } from './names.ts';
import { agentPeriod } from './operator.ts';

const phase = 'fabedge';

/** Every edge's agent pod Ready; the operator gives them generated names, so they are told apart by their nodes. */
export const agentsStep = (lab: Lab): Step => {
  const edges = edgeNodes(lab).map(({ name }) => name);
  return waitStep(
    { id: 'fabedge:agents', title: 'an agent on every edge', phase, needs: ['fabedge:operator'], timeoutSeconds: 240 },
    controlPlane(lab).name,
    watchScript({
      resource: `pods -n ${namespace} -l fabedge.io/app=fabedge-agent`,
      name: '.spec.nodeName',
      names: edges,
      value: '.status.conditions[?(@.type=="Ready")].status',
      wanted: 'True',
      message: '.status.conditions[?(@.type=="Ready")].message',
    }),
    true,
  );
};

/**
 * The operator has told the connector of every edge and of the networks behind it; an edge that is new may have its name there and no networks
 * yet, and the connector refuses what is to lead there. A pod sees a change of its ConfigMap when kubelet looks at the pod again, every
 * minute and whenever the pod itself changes: so its annotation does.
 */
export const endpointsStep = (lab: Lab): Step =>
  waitStep(
    {
      id: 'fabedge:endpoints',
      title: 'operator knows every end of a tunnel',
      phase,
      needs: ['fabedge:connector'],
      timeoutSeconds: 240,
    },
    controlPlane(lab).name,
    {
      text: `fifo=$(mktemp -u) && mkfifo "$fifo" || exit 1
kubectl -n ${namespace} get configmap connector-config --watch -o 'jsonpath={.data.tunnels\\.yaml}{"\\n"}' > "$fifo" &
watch=$!
trap 'kill $watch 2>/dev/null; rm -f "$fifo"' EXIT
known=' ' end= key=
missing=$ENDS
while [ -n "$missing" ] && read -r line; do
  case $line in
    '- id:'*) key= ;;
    'name: '*) end=\${line#name: } ;;
    *:*) key=\${line%%:*} ;;
    '- '*) known="$known$key of $end " ;;
  esac
  missing=
  for name in $ENDS; do
    for part in subnets nodeSubnets; do
      case $known in *" $part of $name "*) ;; *) missing="$part of $name"; break 2 ;; esac
    done
  done
  [ -z "$missing" ] || echo "the connector's configuration does not have $missing yet"
done < "$fifo"
[ -z "$missing" ] || exit 1
kubectl -n ${namespace} annotate pods -l app=fabedge-connector "edgelab.io/ends=$ENDS"`,
      env: {
        KUBECONFIG: adminKubeconfig,
        ENDS: edgeNodes(lab)
          .map(({ name }) => endpointName(lab, name))
          .join(' '),
      },
    },
  );

/** Asked inside the node, so that no API server and no stream tunnel has to work for it. */
const strongswan = `strongswan() {
  for id in $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==strongswan'); do
    ctr -n k8s.io tasks exec --exec-id "edgelab-$$" "$id" swanctl "$@" 2>/dev/null && return
  done
}
end_tunnel() { strongswan --terminate --ike "$TUNNEL" --force --timeout 5 >/dev/null; }`;

/**
 * From the node into the pod networks of the cloud, where the first address is the node's own. `sas` is what strongSwan lists. An SA says
 * little by itself: the connector asks no edge whether it is still there, and keeps what it sends to a port that a NAT has given up.
 */
const answers = `answers() {
  for net in $(echo "$sas" | sed -n "/^  $TUNNEL-n2p: .*INSTALLED/,/^    remote/s/^    remote//p"); do
    [ "$net" = "$SERVICES" ] || ping -q -n -c 1 -W 1 "\${net%.*}.1" 2>/dev/null &
  done | grep -q ' 1 received'
}`;

/** Longer than a tunnel needs that finds its way again: it asks every 10 s, and three times more within 24 s when that is lost. */
const silenceSeconds = 30;

/**
 * An edge tells the connector its new outside port when an answer names another one than the answer before. A port that changes before the
 * first such question, 10 s after the tunnel began and fell silent, is never noticed: SAs stand, and all that the connector sends is lost.
 * The agent makes a tunnel anew when it finds none.
 */
const mendTunnel = (env: Record<string, string>): Script => ({
  text: `${strongswan}
${answers}
began=
while :; do
  sas=$(strongswan --list-sas)
  answers && exit 0
  now=$(date +%s)
  echo "$sas" | grep -q "^$TUNNEL: .*ESTABLISHED" || began=
  began=\${began:-$now}
  [ $((now - began)) -lt ${silenceSeconds} ] || break
  sleep 0.5
done
end_tunnel
echo "nothing came back through the tunnel of $NODE for ${silenceSeconds} s: it was ended, for the agent to make it anew"`,
  env,
});

/**
 * Longer than an agent lets pass between two tries. Where the connector hears of an edge before it hears of the edge's networks,
 * and the edge comes between the two, the connector judges by what it knew when the IKE SA began, as long as that lives: TS_UNACCEPTABLE.
 */
const refusedSeconds = (lab: Lab): number => agentPeriod(lab) + 5;

/**
 * An IKE SA with the connector and its three children, pod to pod, node to pod and pod to node, and an answer through them. keadm still
 * waits for edgecore when they stand, so that nothing is asked for in vain.
 */
export const tunnelStep = (lab: Lab, node: LabNode): Step => {
  const env = { NODE: node.name, TUNNEL: endpointName(lab, 'connector'), SERVICES: kubernetesOf(lab).serviceSubnet };
  return waitStep(
    {
      id: `fabedge:tunnel:${node.name}`,
      title: `a tunnel from ${node.name} to the connector`,
      phase,
      needs: ['fabedge:endpoints', 'fabedge:agents', `kubeedge:join:${node.name}`],
      timeoutSeconds: 120,
    },
    node.name,
    {
      text: `${strongswan}
${answers}
since=
while :; do
  sas=$(strongswan --list-sas)
  missing=
  refused=
  if echo "$sas" | grep -q "^$TUNNEL: .*ESTABLISHED"; then
    now=$(date +%s)
    since=\${since:-$now}
  else
    missing="$NODE has no IKE SA with the connector"
    since=
  fi
  for child in p2p n2p p2n; do
    [ -n "$missing" ] || echo "$sas" | grep -q "^  $TUNNEL-$child: .*INSTALLED" || { missing="$child of $NODE is not installed"; refused=yes; }
  done
  [ -n "$missing" ] || answers || missing="nothing comes back through the tunnel of $NODE"
  [ -n "$missing" ] || exit 0
  echo "$missing"
  if [ -n "$refused" ] && [ $((now - since)) -ge $REFUSED ]; then
    end_tunnel
    echo "the tunnel of $NODE was without a part of it for $REFUSED s, which a connector refuses that heard of its networks later: it was ended, for the agent to make it anew"
    since=
  fi
  sleep 0.5
done`,
      env: { ...env, REFUSED: String(refusedSeconds(lab)) },
    },
    true,
    mendTunnel(env),
  );
};
