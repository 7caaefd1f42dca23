/** How EdgeMesh directs traffic: the cases of its published suite under their names, and its ways to pick an endpoint. */
import { scenario, step } from 'edgelab';
import { checkPolicies } from './edgemesh/balance.ts';
import { makeEverywhere, removeAdded } from './edgemesh/everywhere.ts';
import { checkLatency } from './edgemesh/latency.ts';
import { checkPublishedCases } from './edgemesh/traffic.ts';

export default scenario({
  title: "EdgeMesh's published cases, and which endpoint a call gets",
  topology: 'two-lans-edgemesh',
  needs: ['kubeedge', 'edgemesh'],
  steps: [
    step("the published suite's cases, on one LAN and across NATs", ({ lab, expect }) => checkPublishedCases(lab, expect)),
    step('endpoints in turn, at random, by a header and by the source', async ({ lab, expect }) => {
      await checkPolicies(lab, expect, await makeEverywhere(lab));
    }),
    step('neighbours go past the relay, and have none of its delay', ({ lab, expect }) => checkLatency(lab, expect)),
  ],
  cleanup: ({ lab }) => removeAdded(lab),
});
