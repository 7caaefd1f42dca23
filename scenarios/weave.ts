/** Weave Net: a router on each node, all connected, over its fast datapath or else by sleeve. Claims S003-WE-*. */
import { scenario, step } from 'edgelab';
import { checkConnections, checkLimit, checkTopology } from './weave/mesh.ts';
import { checkDatapath, checkReach } from './weave/datapath.ts';

export default scenario({
  title: 'Weave: a router on each node, all connected, and how they carry packets',
  topology: 'weave',
  needs: ['kubernetes', 'weave'],
  steps: [
    step('each router is connected with all others, and knows who else is', async ({ lab, expect }) => {
      await checkConnections(lab, expect);
      await checkTopology(lab, expect);
    }),
    step('pods reach each other, by the fast datapath or by sleeve', async ({ lab, expect }) => {
      await checkReach(lab, expect);
      await checkDatapath(lab, expect);
    }),
    step('what a full mesh costs', ({ lab, expect }) => checkLimit(lab, expect)),
  ],
});
