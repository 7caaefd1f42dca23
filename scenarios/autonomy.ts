/** What an edge site does when its uplink is cut: pods go on, edgecore may restart, and the node comes back by itself. Claims S001-ARC-2, S001-ARC-1. */
import { scenario, step, type Expect, type LiveLab } from 'edgelab';
import { edgeOf, expectReady, identity, podAddresses, survives } from './autonomy/offline.ts';

/** What edgecore says when it cannot mount the token of a pod's service account. */
const tokenLost = 'failed to fetch token: serviceaccount length from meta db is 0';

/**
 * KubeEdge 1.23 keeps a token under the audience that the API server filled in, and looks for it under the one that was
 * asked for, which is none (edge/pkg/metamanager/client/serviceaccount.go, KeyFunc): so it is never found without the cloud.
 * flannel's pod has one, and every other pod of the node waits for the file that flannel writes.
 */
const expectNoPods = (lab: LiveLab, expect: Expect): Promise<unknown> =>
  expect.eventually('pods after the restart', '90s', async () => {
    const edge = edgeOf(lab);
    const { text } = await lab.node(edge).$`journalctl -b -u edgecore --no-pager -g ${'kube-flannel-edge'} | grep -c ${tokenLost} || true`;
    const addresses = await podAddresses(lab);
    return {
      holds: Number(text) > 0 && addresses.length === 0,
      ...{ from: edge, to: 'its pods' },
      expected: 'none: the token of flannel is not found',
      observed: `${addresses.length === 0 ? 'none' : addresses.join(', ')}: the token of flannel is ${Number(text) > 0 ? 'not found' : 'not missed'}`,
      how: `edgecore said ${text} times for flannel's pod: ${tokenLost}`,
    };
  });

let before = '';

export default scenario({
  title:
    'pods of an edge site survive without the cloud and a restart of edgecore; a restart of the node they do not, where flannel is on edges',
  topology: 'two-lans',
  disruptive: true,
  needs: ['kubeedge'],
  steps: [
    step('the echo pod of edge-a1 answers on its own LAN', async ({ lab, expect }) => {
      before = await identity(lab);
      await expect.reach(lab.node('edge-a2'), lab.pod('echo', { on: 'edge-a1' }), { within: '20s', path: 'direct', claims: survives });
    }),
    step('cut the uplink of lan-a', async ({ lab, expect }) => {
      await lab.site('lan-a').uplink.down();
      await expect.reach(lab.node('edge-a1'), lab.address('cloud'), { outcome: 'timeout' });
    }),
    step('the pod still answers', ({ lab, expect }) =>
      expect.reach(lab.node('edge-a2'), lab.pod('echo', { on: 'edge-a1' }), { path: 'direct', claims: survives }),
    ),
    step('restart edgecore while it is cut', async ({ lab, expect }) => {
      const { $ } = lab.node('edge-a1');
      const main = (await $`systemctl show -p MainPID --value edgecore`).text;
      await $`systemctl restart edgecore`;
      const { text } = await $`systemctl show -p MainPID --value edgecore`;
      expect.that(text !== main && text !== '0', 'edgecore runs anew', { from: 'edge-a1', observed: `process ${main}, then ${text}` });
    }),
    step('the pod still answers, from the node that has no cloud', ({ lab, expect }) =>
      expect.reach(lab.node('edge-a2'), lab.pod('echo', { on: 'edge-a1' }), { within: '60s', path: 'direct', claims: survives }),
    ),
    step('the cloud takes the node for not ready', ({ lab, expect }) => expectReady(lab, expect, false)),
    step('restart the whole node while it is cut: flannel finds no token, and no pod comes back', async ({ lab, expect }) => {
      await lab.node('edge-a1').restart({ offline: true });
      await expectNoPods(lab, expect);
    }),
    step('the uplink is back: the node is Ready again, and nothing was evicted', async ({ lab, expect }) => {
      await lab.site('lan-a').uplink.up();
      await expectReady(lab, expect, true);
      const after = await identity(lab);
      expect.equal(after, before, 'the pod of edge-a1', {
        from: 'kubectl',
        claims: survives,
        how: 'the same uid on the same node, and no deletion asked for',
      });
      await expect.reach(lab.node('edge-a2'), lab.pod('echo', { on: 'edge-a1' }), { within: '90s', path: 'direct', claims: survives });
    }),
  ],
});
