/** An edge without flannel and kube-proxy that loses its cloud and then its power: pods come back from its own store. Claims S001-ARC-2, S001-ARC-1. */
import { scenario, step } from 'edgelab';
import { edge, expectAnswer, expectReady, identity, survives } from './autonomy/offline.ts';

let before = '';

export default scenario({
  title: 'an edge whose pods need no token starts again without the cloud, pods included',
  topology: 'two-lans-bare',
  needs: ['kubeedge'],
  steps: [
    step('the echo pod answers on its node', async ({ lab, expect }) => {
      before = await identity(lab);
      await expectAnswer(lab, expect, 'the pod before');
    }),
    step('cut the uplink of lan-a', async ({ lab, expect }) => {
      await lab.site('lan-a').uplink.down();
      await expect.reach(lab.node(edge), lab.address('cloud'), { outcome: 'timeout' });
    }),
    step('restart the whole node while it is cut: its pod comes back from its own store', async ({ lab, expect }) => {
      await lab.node(edge).restart({ offline: true });
      await expectAnswer(lab, expect, 'the pod after the restart');
    }),
    step('the uplink is back: the node is Ready again, and nothing was evicted', async ({ lab, expect }) => {
      await lab.site('lan-a').uplink.up();
      await expectReady(lab, expect, true);
      expect.equal(await identity(lab), before, `the pod of ${edge}`, {
        from: 'cloud',
        claims: survives,
        how: 'the same uid on the same node, and no deletion asked for',
      });
    }),
  ],
});
