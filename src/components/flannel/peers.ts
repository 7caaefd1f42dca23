/** The proof that flannel on a node knows every other node it serves. */
import type { FlannelBackend } from '../../model/install.ts';
import type { LabNode } from '../../model/lab.ts';
import type { Step, StepId } from '../../model/plan.ts';
import { edgeNewsSeconds, waitStep } from '../step.ts';
import { backends } from './backends.ts';

/** `peers`: how many other nodes flannel serves. */
export const peersStep = (node: LabNode, { backend, peers, needs }: { backend: FlannelBackend; peers: number; needs: StepId[] }): Step =>
  waitStep(
    {
      id: `flannel:peers:${node.name}`,
      title: `flannel on ${node.name} knows its ${String(peers)} peers`,
      phase: 'flannel',
      needs: [...needs, `flannel:cni:${node.name}`],
      timeoutSeconds: edgeNewsSeconds,
    },
    node.name,
    {
      text: `count() { ${backends[backend].countPeers}; }
until known=$(count); [ "\${known:-0}" -ge "$PEERS" ]; do
  echo "\${known:-0} of $PEERS peers"
  sleep 0.3
done`,
      env: { PEERS: String(peers) },
    },
    true,
  );
