/** The proof that a node serves every workload: its kube-proxy has a rule to each endpoint. */
import type { Lab, LabNode, Workload } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import { allNodes, edgeNewsSeconds, waitStep } from '../step.ts';

/** Nodes with a kube-proxy of their own; FabEdge's agents have one inside. */
export const proxyNodes = (lab: Lab): LabNode[] => {
  const on = [...(lab.install.kubeProxy?.on ?? ['cloud']), ...(lab.install.fabedge ? ['edge' as const] : [])];
  return allNodes(lab).filter(({ role }) => role !== 'host' && on.includes(role === 'edge' ? 'edge' : 'cloud'));
};

/** A Service whose endpoint has a DNAT rule shows as `--comment "default/<service>:http" … --to-destination`. */
export const servedStep = (node: LabNode, workloads: readonly Workload[]): Step =>
  waitStep(
    {
      id: `workloads:served:${node.name}`,
      title: `kube-proxy on ${node.name} serves all workloads`,
      phase: 'workloads',
      needs: ['workloads:ready'],
      timeoutSeconds: edgeNewsSeconds,
    },
    node.name,
    {
      text: `while :; do
  rules=$(iptables-save -t nat 2>/dev/null | grep -e '--to-destination')
  missing=
  for service in $SERVICES; do
    case $rules in *"default/$service:http"*) ;; *) missing=$service; break ;; esac
  done
  [ -n "$missing" ] || exit 0
  echo "no rule for $missing yet"
  sleep 0.3
done`,
      env: { SERVICES: workloads.flatMap(({ name, nodes }) => nodes.map((one) => `${name}-${one}`)).join(' ') },
    },
    true,
  );
