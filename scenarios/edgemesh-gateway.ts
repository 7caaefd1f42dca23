/** From outside the cluster to a pod behind a NAT: edgemesh-gateway and the Istio objects that direct it. */
import { scenario, step } from 'edgelab';
import { makeEverywhere, removeAdded } from './edgemesh/everywhere.ts';
import { checkClosed, checkOpen, checkWay } from './edgemesh-gateway/door.ts';
import { checkHosts, checkPaths, checkRoot, checkTcp } from './edgemesh-gateway/routes.ts';

export default scenario({
  title: 'from outside the cluster to pods behind a NAT, through edgemesh-gateway',
  topology: 'edgemesh-gateway',
  needs: ['kubeedge', 'edgemesh'],
  steps: [
    step('without a Gateway nobody listens', async ({ lab, expect }) => {
      await makeEverywhere(lab);
      await checkClosed(lab, expect);
    }),
    step('a Gateway and a VirtualService let a visitor in', async ({ lab, expect }) => {
      await checkOpen(lab, expect);
      await checkWay(lab, expect);
    }),
    step('by path, by host name, and as plain TCP', async ({ lab, expect }) => {
      await checkRoot(lab, expect);
      await checkPaths(lab, expect);
      await checkHosts(lab, expect);
      await checkTcp(lab, expect);
    }),
    step('with the objects gone it is closed again', async ({ lab, expect }) => {
      await removeAdded(lab);
      await checkClosed(lab, expect);
    }),
  ],
  cleanup: ({ lab }) => removeAdded(lab),
});
