/** An edge without flannel and kube-proxy that loses its cloud and then its power: pods come back from its own store. Claims S001-ARC-2, S001-ARC-1. */
import { scenario, step } from 'edgelab';
import { edgeOf, expectAnswer, expectReady, identity, survives } from './autonomy/offline.ts';

const [cloud, site] = ['datacenter', 'branch'];

let before = '';

export default scenario({
  title: 'an edge whose pods need no token starts again without the cloud, pods included',
  topology: 'datacenter',
  needs: ['kubeedge'],
  steps: [
    step('the echo pod answers on its node', async ({ lab, expect }) => {
      before = await identity(lab);
      await expectAnswer(lab, expect, 'the pod before');
    }),
    step('cut the uplink of its site', async ({ lab, expect }) => {
      await lab.site(site).uplink.down();
      const certificates = `https://${lab.router(cloud).wan}:10002/ca.crt`;
      const { exitCode } = await lab.node(edgeOf(lab)).$({ nothrow: true })`curl -sk --max-time 2 ${certificates}`;
      expect.that(exitCode === 28, 'the cloud, from the edge', {
        ...{ from: edgeOf(lab), expected: 'timeout', observed: exitCode === 28 ? 'timeout' : `exit code ${String(exitCode)}` },
        how: `curl ${certificates}`,
      });
    }),
    step('restart the whole node while it is cut: its pod comes back from its own store', async ({ lab, expect }) => {
      await lab.node(edgeOf(lab)).restart({ offline: true });
      await expectAnswer(lab, expect, 'the pod after the restart');
    }),
    step('the uplink is back: the node is Ready again, and nothing was evicted', async ({ lab, expect }) => {
      await lab.site(site).uplink.up();
      await expectReady(lab, expect, true);
      expect.equal(await identity(lab), before, `the pod of ${edgeOf(lab)}`, {
        from: 'kubectl',
        claims: survives,
        how: 'the same uid on the same node, and no deletion asked for',
      });
    }),
  ],
});
