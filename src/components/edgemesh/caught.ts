/** The proof that a node's agent works: the ClusterIPs of the lab lead into it, before kube-proxy sees them. */
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Script, Step } from '../../model/plan.ts';
import { proxyNodes } from '../workloads/served.ts';
import { waitStep } from '../step.ts';
import { bridgeAddress } from './addresses.ts';

/** Services whose rules are waited for, `namespace/name:port`; the cluster's DNS where there is no workload. */
const servicesOf = (lab: Lab): string[] => {
  const own = lab.workloads.flatMap(({ name, nodes }) => nodes.map((node) => `default/${name}-${node}:http`));
  return own.length > 0 ? own : ['kube-system/kube-dns:dns-tcp'];
};

/** Cloud agents must find kube-proxy's jumps in place: whoever inserts its own later comes first (pitfall of a restart). */
export const proxyFirstStep = (node: LabNode): Step =>
  waitStep(
    {
      id: `edgemesh:kube-proxy:${node.name}`,
      title: `kube-proxy on ${node.name} has its rules`,
      phase: 'edgemesh',
      needs: [node.role === 'worker' ? `kubernetes:join:${node.name}` : 'kubernetes:init'],
      timeoutSeconds: 120,
    },
    node.name,
    {
      text: `for chain in PREROUTING OUTPUT; do
  until iptables -w -t nat -S $chain 2>/dev/null | grep -q -e '-j KUBE-SERVICES'; do
    echo "no jump to KUBE-SERVICES in $chain yet"
    sleep 0.2
  done
done`,
    },
  );

/** Services are answered by the agent only where its jumps stand before kube-proxy's in both chains. */
const firstJumps = `for chain in PREROUTING OUTPUT; do
    first=$(echo "$rules" | grep -e "^-A $chain .*-j KUBE-" | head -n 1)`;

/**
 * After a restart whoever comes later puts its jump first. An agent that is ended takes its own away and puts them first
 * when kubelet starts it again; ended by force it would leave them where they are.
 */
const mendOrder = (node: LabNode): Script => ({
  text: `until rules=$(iptables-save -t nat 2>/dev/null) && echo "$rules" | grep -q -e '-A OUTPUT .*-j KUBE-PORTALS-' &&
  echo "$rules" | grep -q -e '-A OUTPUT .*-j KUBE-SERVICES'; do sleep 0.3; done
${firstJumps}
    case $first in *"-j KUBE-SERVICES"*) late=yes ;; esac
done
[ -n "$late" ] || exit 0
pkill -TERM -x edgemesh-agent && echo "kube-proxy had come before EdgeMesh in nat on $NODE: its agent was started again"`,
  env: { NODE: node.name },
});

/**
 * A caught Service shows as `--comment "default/<service>:http" … -j DNAT --to-destination 169.254.96.16:<port>`; where
 * kube-proxy runs too, KUBE-PORTALS must come before KUBE-SERVICES.
 */
export const caughtStep = (lab: Lab, node: LabNode): Step =>
  waitStep(
    {
      id: `edgemesh:caught:${node.name}`,
      title: `ClusterIPs on ${node.name} lead into its agent`,
      phase: 'edgemesh',
      needs: ['edgemesh:agents', `link:${node.name}`, ...(lab.workloads.length > 0 ? ['workloads:apply'] : [])],
      timeoutSeconds: 180,
    },
    node.name,
    {
      text: `while :; do
  rules=$(iptables-save -t nat 2>/dev/null)
  caught=$(echo "$rules" | grep -e "KUBE-PORTALS-HOST .*--to-destination $AGENT:")
  missing=
  for service in $SERVICES; do
    case $caught in *"\\"$service\\""*) ;; *) missing="no rule for $service yet"; break ;; esac
  done
  ${firstJumps}
    case $first in *"-j KUBE-PORTALS-"*) ;; *) missing="\${missing:-KUBE-PORTALS is not first in $chain}" ;; esac
  done
  [ -n "$missing" ] || exit 0
  echo "$missing"
  sleep 0.3
done`,
      env: { AGENT: bridgeAddress, SERVICES: servicesOf(lab).join(' ') },
    },
    true,
    proxyNodes(lab).includes(node) ? mendOrder(node) : undefined,
  );
