/** A release of EdgeMesh whose agents never ask a relay for a place: what still works, what never does, and what its log says. */
import { scenario, step, type ReachSpec } from 'edgelab';
import { acrossLans, alongside } from './question-2/attempts.ts';
import { checkReady, checkRefusals, looked, readRefusals } from './edgemesh/no-relay.ts';

export default scenario({
  title: 'EdgeMesh 1.17.0: edges of different LANs never reach each other',
  topology: 'edgemesh-no-relay',
  needs: ['kubeedge', 'edgemesh'],
  steps: [
    step('each edge has a connection to the relay, and looks for a place there', ({ lab, expect }) => checkReady(lab, expect)),
    step('inside the cloud, a LAN or a node, and between cloud and edge, calls are answered', ({ lab, expect }) =>
      expect.reachAll(alongside(lab)),
    ),
    step('a dozen looks of each agent for a relay', ({ lab, expect }) => looked(lab, expect, 12)),
    step('across LANs every call is refused: nobody has a place at the relay', async ({ lab, expect }) => {
      const before = await readRefusals(lab);
      const refused = { outcome: 'refused', path: 'lost', within: '20s', claims: [], known: undefined } satisfies Partial<ReachSpec>;
      await expect.reachAll(acrossLans(lab).map((spec) => ({ ...spec, ...refused })));
      await checkRefusals(lab, expect, before);
    }),
  ],
});
