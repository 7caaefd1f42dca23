/** EdgeMesh between two LANs whose NATs can be punched: what it takes until the relay is out of the way. Claims S000-Q2-7, S000-Q2-8. */
import { scenario, step } from 'edgelab';
import { acrossLans } from './question-2/attempts.ts';
import { checkDirect, checkSeen, cutUntilPunched } from './edgemesh/punch.ts';

/** The site whose uplink is cut. */
const site = 'lan-b';

export default scenario({
  title: 'when does EdgeMesh punch a hole through two NATs?',
  topology: 'edgemesh-punch',
  disruptive: true,
  needs: ['kubeedge', 'edgemesh'],
  steps: [
    step('four relays see each edge on the port it listens on', ({ lab, expect }) => checkSeen(lab, expect)),
    step('in a lab that has just come up, a call goes either way', ({ lab, expect }) => expect.reachAll(acrossLans(lab))),
    step('the uplink of a LAN is cut until no relay has a connection of it, and a call is made', ({ lab, expect }) =>
      cutUntilPunched(lab, expect, site),
    ),
    step('a hole is punched, and calls go through it', async ({ lab, expect }) => {
      await expect.reachAll(
        acrossLans(lab).map((spec) => ({ ...spec, within: '20s' as const, path: ['direct'] as const, claims: ['S000-Q2-7'] })),
      );
      await checkDirect(lab, expect);
    }),
  ],
  cleanup: ({ lab }) => lab.site(site).uplink.up(),
});
