/** Question 2 of the seed documents: with EdgeMesh, who reaches whom, and by which way? Claims S000-Q2-0 to S000-Q2-11. */
import { scenario, step, type ReachResult } from 'edgelab';
import { checkAgents, checkDiscovery } from './question-2/agents.ts';
import { acrossLans, alongside, listPodIps } from './question-2/attempts.ts';
import { checkCaught, checkFollowing, checkWithoutMesh, removeServices } from './question-2/rules.ts';
import { checkProof, checkWays, reportFirst } from './question-2/wire.ts';

/** What the probes of one step found and a later one looks at. */
let results: ReachResult[] = [];

export default scenario({
  title: 'with EdgeMesh, who reaches whom, and by which way?',
  topology: 'two-lans-edgemesh',
  needs: ['kubeedge', 'edgemesh'],
  steps: [
    step('one agent on each node, which asks the cloud or its own edge', ({ lab, expect }) => checkAgents(lab, expect)),
    step('across LANs: the first answer', async ({ lab, expect }) => {
      results = await expect.reachAll(acrossLans(lab));
      reportFirst(lab, expect, results);
    }),
    step('inside the cloud, a LAN or a node, and between cloud and edge', async ({ lab, expect }) => {
      results.push(...(await expect.reachAll(alongside(lab))));
    }),
    step('a podIP is never caught', ({ lab, expect }) => listPodIps(lab, expect)),
    step('what the wire and the agents show', async ({ lab, expect }) => {
      checkWays(lab, expect, results);
      checkProof(lab, expect, results);
      await checkDiscovery(lab, expect);
    }),
    step('the rules follow the Services', async ({ lab, expect }) => {
      await checkCaught(lab, expect);
      await checkFollowing(lab, expect);
      await checkWithoutMesh(lab, expect);
    }),
  ],
  cleanup: ({ lab }) => removeServices(lab),
});
