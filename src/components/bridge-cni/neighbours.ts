/** Routes between the pods of edges on one LAN: what a CNI does where nodes reach each other, without a tunnel. */
import type { Lab, LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import { awaitRuntime, execStep } from '../step.ts';

/** Captures are named by it: the podCIDR of a node. */
export const podCidrCapture = (node: string): string => `pod-cidr-${node}`;

/** Other edges on the LAN of an edge. */
const neighboursOf = (lab: Lab, node: LabNode): LabNode[] =>
  lab.sites
    .filter(({ lan, name }) => lan !== undefined && name === node.site)
    .flatMap(({ nodes }) => nodes.filter(({ role, name }) => role === 'edge' && name !== node.name));

/** A unit, so that a restarted node has them again; until its interface is wired anew the routes are refused. */
const unit = `[Unit]
Description=Routes to the pods of neighbours on the same LAN
StartLimitIntervalSec=0
[Install]
WantedBy=multi-user.target
[Service]
Type=oneshot
RemainAfterExit=yes
Restart=on-failure
RestartSec=1
`;

/** None for an edge that is alone on its LAN. */
export const neighbourSteps = (lab: Lab, node: LabNode): Step[] => {
  const neighbours = neighboursOf(lab, node);
  if (neighbours.length === 0) return [];
  const pairs = neighbours.flatMap((_, index) => [`"$CIDR_${String(index)}"`, `"$VIA_${String(index)}"`]);
  return [
    execStep(
      {
        id: `bridge-cni:neighbours:${node.name}`,
        title: `routes of ${node.name} to pods on its LAN`,
        phase: 'bridge-cni',
        needs: [`link:${node.name}`, ...neighbours.map(({ name }) => `bridge-cni:subnet:${name}`)],
        timeoutSeconds: 60,
      },
      node.name,
      {
        text: `${awaitRuntime}
unit=/etc/systemd/system/edgelab-neighbours.service
cat > $unit && printf 'ExecStart=/sbin/ip route replace %s via %s\\n' ${pairs.join(' ')} >> $unit &&
exec systemctl enable --now --quiet edgelab-neighbours.service`,
        env: Object.assign(
          {},
          ...neighbours.map(({ name, address }, index) => ({
            [`CIDR_${String(index)}`]: { capture: podCidrCapture(name) },
            [`VIA_${String(index)}`]: address,
          })),
        ) as Record<string, string | { capture: string }>,
        stdin: unit,
      },
    ),
  ];
};
