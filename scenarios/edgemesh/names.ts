/** Names on the edges, and one plain Service whose endpoints are everywhere. */
import type { Expect, LabHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';
import { makeEverywhere } from './everywhere.ts';

/** The agent's DNS answers on the node itself: the cluster's is out of reach of an edge that has lost the cloud. */
export const checkNames = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { workload, edges, nodes } = cast(lab);
  const { services } = await lab.cluster();
  const found = await Promise.all(
    edges.map(async (edge) => {
      const { name } = await lab.findPod(lab.pod(workload, { on: edge.name }));
      const names = nodes.map((node) => `${workload}-${node.name}`);
      // one command: each goes through the API server, cloudcore and the edge's own connection
      const asked = await lab.kubectl({
        nothrow: true,
      })`exec ${name} -- sh -c ${'cat /etc/resolv.conf; for name; do getent hosts $name; done'} sh ${names}`;
      return { edge, asked };
    }),
  );
  const wanted = nodes.map((node) => services.find((service) => service.name === `${workload}-${node.name}`)?.clusterIP ?? '?');
  for (const { edge, asked } of found) {
    const answers = asked.lines.filter((line) => /^\d/.test(line));
    expect.equal(answers.map((line) => line.split(/\s+/)[0]).join(' '), wanted.join(' '), 'ClusterIPs by name', {
      from: `pod on ${edge.name}`,
      claims: ['S001-EM-2'],
      how: asked.lines.find((line) => line.startsWith('nameserver')) ?? asked.stderr.trim(),
      evidence: answers.map((line) => ({ at: `pod on ${edge.name}`, saw: line })),
    });
  }
};

const callsPerNode = 12;

/** Every node reaches the endpoints of all nodes through one ClusterIP, and nothing but a Service was written for it. */
export const checkOneService = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { port, nodes } = cast(lab);
  const address = await makeEverywhere(lab);
  const nodeOf = new Map((await lab.cluster()).pods.map(({ name, node }) => [name, node]));
  for (const from of nodes) {
    await expect.eventually('endpoints that answer at one ClusterIP', '60s', async () => {
      const { lines } = await from.$({
        nothrow: true,
      })`for i in $(seq ${callsPerNode}); do curl -s --max-time 5 http://${address}:${port}/hostname; echo; done`;
      const seen = new Set(lines.map((line) => nodeOf.get(line.trim())));
      const reached = nodes.filter(({ name }) => seen.has(name)).map(({ name }) => name);
      return {
        holds: reached.length === nodes.length,
        from: from.name,
        claims: ['S001-EM-3', 'S001-EM-6'],
        expected: nodes.map(({ name }) => name).join(', '),
        observed: reached.join(', ') || 'none',
        how: `${String(lines.length)} of ${String(callsPerNode)} calls to ${address} were answered`,
        evidence: lines.map((line) => ({ at: from.name, saw: `answered by ${line}` })),
      };
    });
  }
  const { lines } = await lab.kubectl`get destinationrules,gateways,virtualservices --all-namespaces --no-headers --ignore-not-found`;
  expect.equal(lines.length, 0, 'objects of Istio kinds', { claims: ['S001-EM-8'], how: 'plain Services are enough' });
};
