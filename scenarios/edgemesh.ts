/** EdgeMesh as operators use it: names, one Service everywhere, socks5, and what must be switched on. Claims S001-EM-*, S001-SSH-*, S001-TRB-*. */
import { scenario, step } from 'edgelab';
import { removeAdded } from './edgemesh/everywhere.ts';
import { checkNames, checkOneService } from './edgemesh/names.ts';
import { putKubeProxyFirst, restartAgent } from './edgemesh/order.ts';
import { checkSides, checkUplinks } from './edgemesh/sides.ts';
import { checkByAddress, checkByName, checkProxies, startServers, stopServers } from './edgemesh/socks.ts';
import { checkSwitches, cureMetaServer, switchOffMetaServer } from './edgemesh/switches.ts';

export default scenario({
  title: 'EdgeMesh in use: names, one Service everywhere, socks5, and what must be on',
  topology: 'two-lans-edgemesh',
  needs: ['kubeedge', 'edgemesh'],
  steps: [
    step('what each side runs, and who opens connections', async ({ lab, expect }) => {
      await checkSides(lab, expect);
      await checkUplinks(lab, expect);
    }),
    step('an edge resolves names and reaches every endpoint of a plain Service', async ({ lab, expect }) => {
      await checkNames(lab, expect);
      await checkOneService(lab, expect);
    }),
    step('from the cloud to a node behind a NAT, by its name', async ({ lab, expect }) => {
      await checkProxies(lab, expect);
      await startServers(lab);
      await checkByName(lab, expect);
      await checkByAddress(lab, expect);
    }),
    step('the switches that EdgeMesh needs', ({ lab, expect }) => checkSwitches(lab, expect)),
    step('without the metaServer an edge loses its Services, and with it they come back', async ({ lab, expect }) => {
      await switchOffMetaServer(lab, expect);
      await cureMetaServer(lab, expect);
    }),
    step('kube-proxy before EdgeMesh in nat: all pods run, and the cloud loses the edges', async ({ lab, expect }) => {
      await putKubeProxyFirst(lab, expect);
      await restartAgent(lab, expect);
    }),
  ],
  cleanup: async ({ lab }) => {
    await Promise.all([removeAdded(lab), stopServers(lab)]);
  },
});
