/** Two edges with one address, each in its own LAN (kubeedge#3498): what goes by name works, what goes by address does not. */
import { scenario, step, type Expect, type LabHandle, type NodeHandle } from 'edgelab';

/** Edges whose address another edge has too. */
const namesakes = (lab: LabHandle): NodeHandle[] => {
  const edges = lab.nodes('edge');
  return edges.filter((edge) => edges.some(({ name, address }) => name !== edge.name && address === edge.address));
};

const nodeOf = (json: string): string => /"nodeName":\s*"([^"]+)"/.exec(json)?.[1] ?? 'no answer';

const checkByName = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [workload] = lab.workloads;
  if (!workload) throw new Error('this scenario needs a workload in the topology');
  await Promise.all(
    namesakes(lab).map(async (edge) => {
      const pod = await lab.findPod(lab.pod(workload.name, { on: edge.name }));
      const [logs, exec] = await Promise.all([
        lab.kubectl({ nothrow: true, timeout: '20s' })`logs ${pod.name} --tail=1`,
        lab.kubectl({ nothrow: true, timeout: '20s' })`exec ${pod.name} -- cat /etc/hostname`,
      ]);
      expect.that(logs.exitCode === 0 && logs.text !== '' && exec.text === pod.name, `logs and exec on ${edge.name}`, {
        from: 'kubectl',
        expected: 'of its own pod',
        observed: exec.text === pod.name ? 'of its own pod' : exec.text || exec.stderr.trim(),
        how: "cloudcore finds the edge's connection by the name of the node, which it reads off the pod",
      });
      const proxied = await lab.kubectl({ nothrow: true, timeout: '20s' })`get --raw ${`/api/v1/nodes/${edge.name}/proxy/stats/summary`}`;
      expect.equal(nodeOf(proxied.stdout), edge.name, `metrics of ${edge.name} by name`, {
        from: 'kubectl',
        how: 'the API server says in X-Forwarded-Uri which node is meant',
        evidence: [{ at: 'kubectl get --raw', saw: proxied.stdout.slice(0, 160) || proxied.stderr.trim() }],
      });
    }),
  );
};

/** As metrics-server and Prometheus ask: the node's address and the port that its status names. */
const checkByAddress = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [control] = lab.nodes('control-plane');
  if (!control) throw new Error('the lab has no control plane');
  const answers = new Map<string, string>();
  for (const edge of namesakes(lab)) {
    const { text: port } = await lab.kubectl`get node ${edge.name} -o ${'jsonpath={.status.daemonEndpoints.kubeletEndpoint.Port}'}`;
    const { stdout } = await control.$({ nothrow: true })`curl -sk --max-time 15 ${`https://${edge.address}:${port}/stats/summary`}`;
    answers.set(edge.name, nodeOf(stdout));
  }
  const said = [...answers].map(([asked, answered]) => `${asked}: ${answered}`).join(', ');
  const names = namesakes(lab).map(({ name }) => name);
  const right = [...answers].filter(([asked, answered]) => asked === answered).length;
  expect.that(right === 1 && [...answers.values()].every((answered) => names.includes(answered)), 'metrics of both by their address', {
    from: control.name,
    expected: 'one of them answers for both',
    observed: right === 1 ? 'one of them answers for both' : said,
    how: `asked: answered by; ${said}: cloudcore keeps one connection per address, that of the edge which came last`,
  });
};

export default scenario({
  title: 'two edges with one address: logs and exec go by name and work, metrics go by address and do not',
  topology: 'same-subnet',
  needs: ['kubeedge'],
  steps: [
    step('both are Ready, each under the address of its own LAN', async ({ lab, expect }) => {
      for (const edge of namesakes(lab)) {
        const { lines } = await lab.kubectl`get node ${edge.name} --no-headers -o wide`;
        const [, status = '', , , , address = ''] = (lines[0] ?? '').split(/\s+/);
        expect.equal(`${status} ${address}`, `Ready ${edge.address}`, `node ${edge.name}`, { from: 'kubectl' });
      }
    }),
    step('by name', ({ lab, expect }) => checkByName(lab, expect)),
    step('by address', ({ lab, expect }) => checkByAddress(lab, expect)),
  ],
});
