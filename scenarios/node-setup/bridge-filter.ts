/** Why br_netfilter: a Service whose pod is on the caller's own node answers over the bridge, past the translation back. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { clouds } from './cast.ts';

const name = 'node-setup-neighbour';
const labels = { app: name };

const neighbour = (node: string, image: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        nodeSelector: { 'kubernetes.io/hostname': node },
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'echo', image, args: ['netexec', '--http-port=80'], ports: [{ containerPort: 80 }] }],
      },
    },
  },
});

const service = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: labels, ports: [{ port: 80 }] } };

const set = ({ $ }: NodeHandle, value: 0 | 1): Promise<unknown> => $`echo ${value} > /proc/sys/net/bridge/bridge-nf-call-iptables`;

export const checkBridgeFilter = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const node = clouds(lab).at(-1);
  const [workload] = lab.workloads;
  if (!node || !workload) throw new Error('the lab has no cloud node or no workload');
  const image = (
    await lab.kubectl`get deployments -l edgelab.io/workload -o ${'jsonpath={.items[0].spec.template.spec.containers[0].image}'}`
  ).text;
  const items = [neighbour(node.name, image), service];
  await lab.kubectl({ input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) })`apply --validate=false -f -`;
  await lab.kubectl({ timeout: '70s' })`rollout status deployment ${name} --timeout=60s`;
  const ask = (outcome: 'reachable' | 'timeout', within: '5s' | '30s') =>
    expect.reach(lab.pod(workload.name, { on: node.name }), lab.service(name), { outcome, within, claims: ['S000-ENV-4'] });
  await ask('reachable', '30s');
  await set(node, 0);
  await ask('timeout', '5s');
  await set(node, 1);
  await ask('reachable', '30s');
};

export const restoreBridgeFilter = async (lab: LabHandle): Promise<void> => {
  await Promise.all(clouds(lab).map((node) => set(node, 1)));
  await lab.kubectl({ nothrow: true })`delete deployment,service ${name} --ignore-not-found --wait=false`;
};
