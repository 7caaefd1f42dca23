/** The seed's advanced challenge: podIPs inside a LAN by the CNI, across LANs through libp2p. EdgeMesh has it as edgeCNI. Claims S000-ADV-1 to -7. */
import { scenario, step } from 'edgelab';
import { checkAddresses, checkRoutes } from './edgemesh-cni/design.ts';
import { checkRule, mendRule, removeMend } from './edgemesh-cni/masquerade.ts';
import { acrossAsPublished, acrossMended, insideLan } from './edgemesh-cni/attempts.ts';
import { checkRights } from './edgemesh-cni/rights.ts';

export default scenario({
  title: 'edgeCNI: podIPs inside a LAN by the CNI, across LANs through libp2p',
  topology: 'edgemesh-cni',
  needs: ['kubeedge', 'edgemesh'],
  steps: [
    step('each node has its own subnet, and foreign ones lead to the tunnel', async ({ lab, expect }) => {
      await checkAddresses(lab, expect);
      await checkRoutes(lab, expect);
    }),
    step('inside a LAN: the CNI alone, no packet of the tunnel', ({ lab, expect }) => insideLan(lab, expect)),
    step('across LANs as EdgeMesh is published', async ({ lab, expect }) => {
      await checkRule(lab, expect);
      await acrossAsPublished(lab, expect);
    }),
    step('across LANs with the nat rule that EdgeMesh meant to write', async ({ lab, expect }) => {
      await mendRule(lab);
      await acrossMended(lab, expect);
    }),
    step('with the published rights the agents of the cloud do not start', ({ lab, expect }) => checkRights(lab, expect)),
  ],
  cleanup: ({ lab }) => removeMend(lab),
});
