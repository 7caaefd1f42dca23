/** Question 1 of the seed documents: without a tunnel, what can the cloud and the edges reach? Claims S000-ENV-1, S000-Q1-*. */
import { scenario, step, type NodeHandle, type ReachResult } from 'edgelab';
import { findDnsNode, listAttempts } from './question-1/attempts.ts';
import { seedLab } from './question-1/cast.ts';
import { addServices, askStreams, checkParts, checkStreams, removeServices } from './question-1/cluster.ts';
import { checkRules } from './question-1/rules.ts';
import { checkLostReplies, checkTunnelEnds, checkUnderlay } from './question-1/wire.ts';

/** What one step finds and a later one uses: the node of the cluster's DNS, and what the probes and captures showed. */
let results: ReachResult[] = [];
let dns: NodeHandle;

export default scenario({
  title: 'without a tunnel, what can the cloud and the edges reach?',
  topology: 'two-lans',
  needs: ['kubernetes'],
  steps: [
    step('each node has its part of the pod network', async ({ lab, expect }) => {
      [dns] = await Promise.all([findDnsNode(lab), addServices(lab), checkParts(lab, expect)]);
    }),
    step('who reaches whom; kubectl logs and exec to the edges', async ({ lab, expect }) => {
      // most attempts wait for an answer that never comes: time enough to ask the API server meanwhile
      const [reached, streams] = await Promise.all([expect.reachAll(listAttempts(lab, dns)), askStreams(lab)]);
      results = reached;
      checkStreams(streams, expect);
    }),
    step('what the wire shows', ({ lab, expect }) => {
      if (!seedLab(lab)) return;
      checkTunnelEnds(lab, expect, results);
      checkLostReplies(lab, expect, results);
      checkUnderlay(lab, expect, results);
    }),
    step('what kube-proxy does with a ClusterIP', ({ lab, expect }) => checkRules(lab, expect, results)),
  ],
  cleanup: ({ lab }) => removeServices(lab),
});
