/** What an edge site does when its uplink is cut: pods go on, edgecore and even the node may restart, and the node comes back by itself. Claims S001-ARC-2, S001-ARC-1. */
import { scenario, step, type Expect, type LiveLab } from 'edgelab';

const survives = ['S001-ARC-2'];
const condition = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';

/** Uid and place of the pod as the cloud knows it: an evicted one would be marked for deletion or be another. */
const identity = async (lab: LiveLab): Promise<string> =>
  (
    await lab.kubectl`get pods -l ${'app=echo,edgelab.io/node=edge-a1'} -o ${'jsonpath={range .items[*]}{.metadata.uid} {.spec.nodeName} {.metadata.deletionTimestamp}{"\\n"}{end}'}`
  ).text;

/** Addresses in the pods' network namespaces of the node: the cloud cannot be asked while it is away. */
const podAddresses = async (lab: LiveLab): Promise<string[]> => {
  const { lines } = await lab.node('edge-a1')
    .$`for f in /run/netns/*; do nsenter --net="$f" ip -4 -o address show dev eth0 2>/dev/null; done; true`;
  return lines.flatMap((line) => /inet ([\d.]+)\//.exec(line)?.[1] ?? []);
};

/** HTTP to one of these addresses gives the name of the echo pod on edge-a1, asked from its neighbour on the LAN. */
const expectAnswer = (lab: LiveLab, expect: Expect, what: string): Promise<unknown> =>
  expect.eventually(what, '180s', async () => {
    const { name } = await lab.findPod(lab.pod('echo', { on: 'edge-a1' }));
    const addresses = await podAddresses(lab);
    const answers = await Promise.all(
      addresses.map(async (address) => ({
        address,
        said: (await lab.node('edge-a2').$({ nothrow: true })`curl -s --max-time 2 ${`http://${address}/hostname`}`).text,
      })),
    );
    const found = answers.find(({ said }) => said === name);
    return {
      holds: found !== undefined,
      ...{ from: 'edge-a2', to: 'echo pod on edge-a1', claims: survives },
      expected: 'its name',
      observed: found === undefined ? 'no answer' : 'its name',
      how:
        found === undefined ? `asked ${addresses.join(', ') || 'nobody: no pod has an address'}` : `at ${found.address}, on the LAN alone`,
    };
  });

const expectReady = (lab: LiveLab, expect: Expect, ready: boolean): Promise<unknown> =>
  expect.eventually(`edge-a1 is ${ready ? '' : 'not '}Ready`, '120s', async () => {
    const { text } = await lab.kubectl`get node edge-a1 -o ${condition}`;
    return { holds: (text === 'True') === ready, from: 'cloud', claims: survives, expected: ready ? 'True' : 'not True', observed: text };
  });

let before = '';

export default scenario({
  title: 'pods of an edge site survive without the cloud, also when edgecore or the whole node restarts meanwhile',
  topology: 'two-lans',
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
    step('restart the whole node while it is cut: its pods come back from its own store', async ({ lab, expect }) => {
      await lab.node('edge-a1').restart({ offline: true });
      await expectAnswer(lab, expect, 'the pod after the restart');
    }),
    step('the uplink is back: the node is Ready again, and nothing was evicted', async ({ lab, expect }) => {
      await lab.site('lan-a').uplink.up();
      await expectReady(lab, expect, true);
      const after = await identity(lab);
      expect.equal(after, before, 'the pod of edge-a1', {
        from: 'cloud',
        claims: survives,
        how: 'the same uid on the same node, and no deletion asked for',
      });
      await expect.reach(lab.node('edge-a2'), lab.pod('echo', { on: 'edge-a1' }), { within: '90s', path: 'direct', claims: survives });
    }),
  ],
});
