/** Question 1 of the seed documents: without a tunnel, what can the cloud and the edges reach? Claims S000-ENV-1, S000-Q1-*. */
import { scenario, step, type ReachResult } from 'edgelab';
import { listAttempts } from './question-1/attempts.ts';
import { seedLab } from './question-1/cast.ts';
import { addServices, askStreams, checkParts, checkStreams, removeServices } from './question-1/cluster.ts';
import { checkRules } from './question-1/rules.ts';
import { checkLostReplies, checkTunnelEnds, checkUnderlay } from './question-1/wire.ts';

/** Filled by the step that probes, read by those that look closer at the same packets. */
let results: ReachResult[] = [];

export default scenario({
  title: 'without a tunnel, what can the cloud and the edges reach?',
  topology: 'two-lans',
  needs: ['kubernetes'],
  steps: [
    step('each node has its part of the pod network', async ({ lab, expect }) => {
      await Promise.all([addServices(lab), checkParts(lab, expect)]);
    }),
    step('who reaches whom; kubectl logs and exec to the edges', async ({ lab, expect }) => {
      // most attempts wait for an answer that never comes: time enough to ask the API server meanwhile
      const [reached, streams] = await Promise.all([expect.reachAll(await listAttempts(lab)), askStreams(lab)]);
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
