/** The proof that tunnels stand: the connector's strongSwan lists the SAs of every edge. */
import { adminKubeconfig } from '../../lib/kubeadm.ts';
import type { Lab } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import { controlPlane, edgeNodes, waitStep } from '../step.ts';
import { watchScript } from '../watch.ts';
import { connectorNode, endpointName, namespace } from './names.ts';

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
 * The operator has told the connector of every edge. A pod sees a change of its ConfigMap when kubelet looks at the pod again,
 * every minute and whenever the pod itself changes: so its annotation does.
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
      text: `while :; do
  known=" $(kubectl -n ${namespace} get configmap connector-config -o 'jsonpath={.data.tunnels\\.yaml}' | tr -s '\\n' ' ') "
  missing=
  for end in $ENDS; do
    case $known in *" $end "*) ;; *) missing=$end; break ;; esac
  done
  [ -n "$missing" ] || break
  echo "$missing is not in the connector's configuration yet"
  sleep 0.3
done
exec kubectl -n ${namespace} annotate pods -l app=fabedge-connector "edgelab.io/ends=$ENDS"`,
      env: {
        KUBECONFIG: adminKubeconfig,
        ENDS: edgeNodes(lab)
          .map(({ name }) => endpointName(lab, name))
          .join(' '),
      },
    },
  );

/** Asked inside the node, so that no API server and no stream tunnel has to work for it. */
const listSas = `list_sas() {
  for id in $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==strongswan'); do
    ctr -n k8s.io tasks exec --exec-id "edgelab-$$" "$id" swanctl --list-sas 2>/dev/null && return
  done
}`;

/** An IKE SA with each edge, and its three children: pod to pod, node to pod, pod to node. */
export const tunnelsStep = (lab: Lab): Step =>
  waitStep(
    {
      id: 'fabedge:tunnels',
      title: 'a tunnel from every edge to the connector',
      phase,
      needs: ['fabedge:endpoints', 'fabedge:agents'],
      timeoutSeconds: 120,
    },
    connectorNode(lab).name,
    {
      text: `${listSas}
while :; do
  sas=$(list_sas)
  missing=
  for end in $ENDS; do
    echo "$sas" | grep -q "^$end: .*ESTABLISHED" || { missing="$end has no IKE SA"; break; }
    for child in p2p n2p p2n; do
      echo "$sas" | grep -q "^  $end-$child: .*INSTALLED" || { missing="$end-$child is not installed"; break 2; }
    done
  done
  [ -n "$missing" ] || exit 0
  echo "$missing"
  sleep 0.5
done`,
      env: {
        ENDS: edgeNodes(lab)
          .map(({ name }) => endpointName(lab, name))
          .join(' '),
      },
    },
    true,
  );
