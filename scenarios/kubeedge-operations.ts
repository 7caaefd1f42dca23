/** KubeEdge as operators run it: cloudcore behind NodePorts and a forwarding router, tolerations, taints, metrics. Claims S001-ARC-*, S001-CLD-*, S001-EDG-*, S001-MON-1. */
import { scenario, step } from 'edgelab';
import { checkModules, checkRuntime, checkSessions, checkState } from './kubeedge-operations/architecture.ts';
import { removeObjects } from './kubeedge-operations/cast.ts';
import { checkFlags, checkNode, checkToken, checkUnit } from './kubeedge-operations/edge.ts';
import { checkForwards, checkNodePorts, checkRedirect, removeRedirect } from './kubeedge-operations/entrance.ts';
import { checkAbsence, checkAddresses, checkToleration, restoreManager } from './kubeedge-operations/manager.ts';
import { checkEdgeStream, checkTop, expectStreams, restoreEdgeStream } from './kubeedge-operations/metrics.ts';
import { checkAffinity, checkBroadDaemonSet, checkTaint, restoreTaint } from './kubeedge-operations/taints.ts';

export default scenario({
  title: 'KubeEdge as operators run it: NodePorts behind a forwarding router, tolerations, taints, metrics',
  topology: 'datacenter',
  needs: ['kubeedge', 'metricsServer'],
  keepGoing: true,
  steps: [
    step('what runs where, and who opens connections', async ({ lab, expect }) => {
      await Promise.all([checkModules(lab, expect), checkSessions(lab, expect), checkState(lab, expect), checkRuntime(lab, expect)]);
    }),
    step('an edge gets to cloudcore through the forwards', async ({ lab, expect }) => {
      await checkNodePorts(lab, expect);
      await checkForwards(lab, expect);
    }),
    step('a REDIRECT on the node cannot take their place', ({ lab, expect }) => checkRedirect(lab, expect)),
    step('the edge as it has joined', async ({ lab, expect }) => {
      await Promise.all([checkFlags(lab, expect), checkUnit(lab, expect), checkNode(lab, expect), checkToken(lab, expect)]);
    }),
    step('metrics, logs and exec through the NAT', async ({ lab, expect }) => {
      await checkTop(lab, expect);
      await expectStreams(lab, expect, true, ['S001-MON-1']);
    }),
    step('without edgeStream there are none', ({ lab, expect }) => checkEdgeStream(lab, expect)),
    step('a tainted master has no iptables manager, and kubectl logs fails', ({ lab, expect }) => checkAbsence(lab, expect)),
    step('a toleration brings it back', async ({ lab, expect }) => {
      await checkToleration(lab, expect);
      await checkAddresses(lab, expect);
    }),
    step('a tainted edge takes only what tolerates it', ({ lab, expect }) => checkTaint(lab, expect)),
    step('a DaemonSet that tolerates everything goes there and cannot run', ({ lab, expect }) => checkBroadDaemonSet(lab, expect)),
    step('an affinity keeps it away', ({ lab, expect }) => checkAffinity(lab, expect)),
  ],
  cleanup: async ({ lab }) => {
    await Promise.all([removeObjects(lab), removeRedirect(lab), restoreManager(lab), restoreTaint(lab), restoreEdgeStream(lab)]);
  },
});
