/** The proof that flannel on a node knows every other node it serves: a VXLAN forwarding entry to each. */
import type { LabNode } from '../../model/lab.ts';
import type { Step } from '../../model/plan.ts';
import { waitStep } from '../step.ts';

/** Entries are counted, not compared by address: two LANs may hold the same one. */
export const peersStep = (node: LabNode, peers: number): Step =>
  waitStep(
    {
      id: `flannel:peers:${node.name}`,
      title: `flannel on ${node.name} knows its ${String(peers)} peers`,
      phase: 'flannel',
      needs: ['kubernetes:ready', `flannel:cni:${node.name}`],
      timeoutSeconds: 120,
    },
    node.name,
    {
      text: `until [ "$(bridge fdb show dev flannel.1 2>/dev/null | grep -c ' dst ')" -ge "$PEERS" ]; do
  echo "$(bridge fdb show dev flannel.1 2>/dev/null | grep -c ' dst ') of $PEERS peers"
  sleep 0.3
done`,
      env: { PEERS: String(peers) },
    },
    true,
  );
