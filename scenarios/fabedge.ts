/** FabEdge: which tunnels stand, and who reaches whom through them? Claims S004-* of the seed documents. */
import { scenario, step } from 'edgelab';
import { checkAcross, checkCommunity, makeCommunity, removeCommunity, tryCommunity } from './fabedge/community.ts';
import { checkEdges } from './fabedge/edges.ts';
import { checkCounters, checkTunnels } from './fabedge/tunnels.ts';
import { acrossEdges, listNames, listWays, reportFirst } from './fabedge/ways.ts';

export default scenario({
  title: 'with FabEdge, which tunnels stand, and who reaches whom?',
  topology: 'two-lans-fabedge',
  needs: ['kubeedge', 'fabedge'],
  known: (lab) =>
    lab.nodes('edge').some(({ site }) => lab.site(site).router?.blocksUdp)
      ? { reason: 'IKE and ESP go in UDP, which a NAT of this lab lets not out; FabEdge has no other way' }
      : undefined,
  steps: [
    step('an agent on each edge, and nothing else for Services and names', ({ lab, expect }) => checkEdges(lab, expect)),
    step('a tunnel from each edge to the connector', async ({ lab, expect }) => {
      await checkTunnels(lab, expect);
      await checkCounters(lab, expect);
    }),
    step('between cloud and edges', async ({ lab, expect }) => {
      reportFirst(expect, await expect.reachAll(await listWays(lab)));
    }),
    step('Services and names on the edges', ({ lab, expect }) => expect.reachAll(listNames(lab))),
    step('edge to edge without a Community', ({ lab, expect }) => expect.reachAll(acrossEdges(lab))),
    step('edge to edge with a Community', async ({ lab, expect }) => {
      await makeCommunity(lab);
      await checkCommunity(lab, expect);
      await expect.reachAll(tryCommunity(lab));
      await checkAcross(lab, expect);
    }),
  ],
  cleanup: ({ lab }) => removeCommunity(lab),
});
