/** FabEdge after faults: NATs that forget or move a tunnel, a cloud node that was never told its routes. */
import { scenario, step } from 'edgelab';
import { cast } from './fabedge/cast.ts';
import { awaitAnswers, disturbBoth } from './fabedge/questions.ts';
import { checkOrder, checkRoutes, fromOther, removeAgents, restoreAgents } from './fabedge/second-node.ts';

export default scenario({
  title: 'what do tunnels survive, and how long does it take?',
  topology: 'two-lans-fabedge',
  disruptive: true,
  needs: ['kubeedge', 'fabedge'],
  steps: [
    step('edges know their outside ports', async ({ lab, expect }) => {
      await Promise.all(cast(lab).edges.map((edge) => awaitAnswers(lab, expect, edge)));
    }),
    step('NATs of both LANs at once: one forgets and reboots, the other gives out new ports', ({ lab, expect }) =>
      disturbBoth(lab, expect),
    ),
    step('the other cloud node knows its way to the edges', async ({ lab, expect }) => {
      await checkRoutes(lab, expect);
      await checkOrder(lab, expect);
      await expect.reachAll(await fromOther(lab, { path: 'gateway', within: '60s' }));
    }),
    step('without its agent it does not', async ({ lab, expect }) => {
      await removeAgents(lab);
      // flannel leaves the pod's address on what goes to other pods, and the internet carries no private source
      await expect.reachAll(await fromOther(lab, { outcome: 'timeout' }));
    }),
    step('the agent comes back', async ({ lab, expect }) => {
      await restoreAgents(lab);
      await expect.reachAll(await fromOther(lab, { path: 'gateway', within: '90s' }));
      await checkRoutes(lab, expect);
    }),
  ],
  cleanup: ({ lab }) => restoreAgents(lab),
});
