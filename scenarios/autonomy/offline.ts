/** What can be seen of an edge site while the cloud is away. */
import type { Expect, LiveLab } from 'edgelab';

export const survives = ['S001-ARC-2'];

/** The node that is cut off and started again: the first edge of the lab. */
export const edgeOf = (lab: LiveLab): string => {
  const [edge] = lab.nodes('edge');
  if (!edge) throw new Error('this scenario needs an edge in the topology');
  return edge.name;
};

const condition = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';

/** Uid and place of the pod as the cloud knows it: an evicted one would be marked for deletion or be another. */
export const identity = async (lab: LiveLab): Promise<string> =>
  (
    await lab.kubectl`get pods -l ${`app=echo,edgelab.io/node=${edgeOf(lab)}`} -o ${'jsonpath={range .items[*]}{.metadata.uid} {.spec.nodeName} {.metadata.deletionTimestamp}{"\\n"}{end}'}`
  ).text;

export const expectReady = (lab: LiveLab, expect: Expect, ready: boolean): Promise<unknown> => {
  const edge = edgeOf(lab);
  return expect.eventually(`${edge} is ${ready ? '' : 'not '}Ready`, '120s', async () => {
    const { text } = await lab.kubectl`get node ${edge} -o ${condition}`;
    return { holds: (text === 'True') === ready, from: 'kubectl', claims: survives, expected: ready ? 'True' : 'not True', observed: text };
  });
};

/** Addresses in the pods' network namespaces of the node: the cloud cannot be asked while it is away. */
export const podAddresses = async (lab: LiveLab): Promise<string[]> => {
  const { lines } = await lab.node(edgeOf(lab))
    .$`for f in /run/netns/*; do nsenter --net="$f" ip -4 -o address show dev eth0 2>/dev/null; done; true`;
  return lines.flatMap((line) => /inet ([\d.]+)\//.exec(line)?.[1] ?? []);
};

/** HTTP to one of these addresses gives the name of the echo pod, asked from its own node. */
export const expectAnswer = (lab: LiveLab, expect: Expect, what: string): Promise<unknown> => {
  const edge = edgeOf(lab);
  return expect.eventually(what, '120s', async () => {
    const { name } = await lab.findPod(lab.pod('echo', { on: edge }));
    const addresses = await podAddresses(lab);
    const answers = await Promise.all(
      addresses.map(async (address) => ({
        address,
        said: (await lab.node(edge).$({ nothrow: true })`curl -s --max-time 2 ${`http://${address}/hostname`}`).text,
      })),
    );
    const found = answers.find(({ said }) => said === name);
    return {
      holds: found !== undefined,
      ...{ from: edge, to: `echo pod on ${edge}`, claims: survives },
      expected: 'its name',
      observed: found === undefined ? 'no answer' : 'its name',
      how:
        found === undefined ? `asked ${addresses.join(', ') || 'nobody: no pod has an address'}` : `at ${found.address}, on the node alone`,
    };
  });
};
