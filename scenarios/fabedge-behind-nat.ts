/** FabEdge with a connector that is itself behind a NAT, at a port of the operator's choice: claims S004-5 to S004-21. */
import { scenario, step } from 'edgelab';
import { checkCommunity, makeCommunity, removeCommunity, tryCommunity } from './fabedge/community.ts';
import { checkEdgePorts, checkEntrance, findEntrance } from './fabedge/entrance.ts';
import { checkTunnels } from './fabedge/tunnels.ts';
import { listWays, reportFirst } from './fabedge/ways.ts';

export default scenario({
  title: 'does FabEdge work when its connector is behind a NAT that publishes one port?',
  topology: 'fabedge-behind-nat',
  needs: ['kubeedge', 'fabedge'],
  steps: [
    step('one port leads in', ({ lab, expect }) => checkEntrance(lab, expect)),
    step('a tunnel from each edge to that port', async ({ lab, expect }) => {
      await checkTunnels(lab, expect, await findEntrance(lab));
    }),
    step('between cloud and edges', async ({ lab, expect }) => {
      reportFirst(expect, await expect.reachAll(await listWays(lab)));
    }),
    step('between the edges, the port plays no part', async ({ lab, expect }) => {
      await makeCommunity(lab);
      await checkCommunity(lab, expect);
      await checkEdgePorts(lab, expect);
      await expect.reachAll(tryCommunity(lab));
    }),
  ],
  cleanup: ({ lab }) => removeCommunity(lab),
});
