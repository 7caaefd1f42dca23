/** What an edge site does when its uplink is cut: pods go on, edgecore may restart, and the node comes back by itself. */
import { scenario, step } from 'edgelab';

const isReady = (stdout: string): boolean => stdout.trim() === 'True';
const condition = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';

export default scenario({
  title: 'pods of an edge site survive without the cloud, also when edgecore restarts meanwhile',
  topology: 'two-lans',
  needs: ['kubeedge'],
  steps: [
    step('the echo pod of edge-a1 answers on its own LAN', ({ lab, expect }) =>
      expect.reach(lab.node('edge-a2'), lab.pod('echo', { on: 'edge-a1' }), { within: '20s', path: 'direct' }),
    ),
    step('cut the uplink of lan-a', async ({ lab, expect }) => {
      await lab.site('lan-a').uplink.down();
      await expect.reach(lab.node('edge-a1'), lab.address('cloud'), { outcome: 'timeout' });
    }),
    step('the pod still answers', ({ lab, expect }) =>
      expect.reach(lab.node('edge-a2'), lab.pod('echo', { on: 'edge-a1' }), { path: 'direct' }),
    ),
    step('restart edgecore while it is cut', async ({ lab, expect }) => {
      const { $ } = lab.node('edge-a1');
      const before = (await $`systemctl show -p MainPID --value edgecore`).text;
      await $`systemctl restart edgecore`;
      const { text } = await $`systemctl show -p MainPID --value edgecore`;
      expect.that(text !== before && text !== '0', 'edgecore runs anew', { from: 'edge-a1', observed: `process ${before}, then ${text}` });
    }),
    step('the pod still answers, from the node that has no cloud', ({ lab, expect }) =>
      expect.reach(lab.node('edge-a2'), lab.pod('echo', { on: 'edge-a1' }), { within: '60s', path: 'direct' }),
    ),
    step('the cloud takes the node for not ready', ({ lab, expect }) =>
      expect.eventually('edge-a1 is not Ready', '120s', async () => {
        const { stdout } = await lab.kubectl`get node edge-a1 -o ${condition}`;
        return { holds: !isReady(stdout), from: 'cloud', expected: 'not True', observed: stdout };
      }),
    ),
    step('the uplink is back, and the node is Ready again', async ({ lab, expect }) => {
      await lab.site('lan-a').uplink.up();
      await expect.eventually('edge-a1 is Ready', '120s', async () => {
        const { stdout } = await lab.kubectl`get node edge-a1 -o ${condition}`;
        return { holds: isReady(stdout), from: 'cloud', expected: 'True', observed: stdout };
      });
    }),
  ],
});
