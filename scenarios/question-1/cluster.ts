/** What the cluster is asked directly: the parts of each node, and kubectl logs and exec to the edges. */
import type { Expect, LabHandle, NodeHandle, ShellResult } from 'edgelab';
import { added, cast, groupOf, seedLab } from './cast.ts';

/** Every instance of the workload, and nobody. */
export const addServices = async (lab: LabHandle): Promise<void> => {
  const { workload, port } = cast(lab);
  const items = Object.entries({ [added.every]: workload, [added.none]: 'nobody' }).map(([name, app]) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: { 'edgelab.io/scenario': 'question-1' } },
    spec: { selector: { app }, ports: [{ name: 'http', port, targetPort: port }] },
  }));
  await lab.kubectl({ input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) })`apply --validate=false -f -`;
};

export const removeServices = (lab: LabHandle): Promise<unknown> =>
  lab.kubectl`delete services -l ${'edgelab.io/scenario=question-1'} --ignore-not-found --wait=false`;

/** The device that each backend of flannel sends through; by routes it needs none. */
const devices = { vxlan: ['flannel.1'], udp: ['flannel0'], 'host-gw': [] } as const;

/** The parts of a node, in the order of their names. */
const partsOf = (lab: LabHandle, node: NodeHandle): string[] => {
  const { flannel, edgeCni } = lab.install;
  const withFlannel = lab.has('flannel', groupOf(node));
  return [
    ...(withFlannel || edgeCni?.type !== 'ptp' ? ['cni0'] : []),
    ...(withFlannel ? [...devices[flannel?.backend ?? 'vxlan'], 'flanneld'] : []),
    ...(lab.has('kubeProxy', groupOf(node)) ? ['kube-proxy'] : []),
  ].toSorted();
};

export const checkParts = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { nodes } = cast(lab);
  const found = await Promise.all(
    nodes.map(
      (node) =>
        node.$`ls /sys/class/net | grep -x -e cni0 -e flannel0 -e flannel.1; ps -eo comm= | grep -x -e kube-proxy -e flanneld; true`,
    ),
  );
  for (const [index, node] of nodes.entries()) {
    const parts = [...new Set(found[index]?.lines)].toSorted();
    expect.equal(parts.join(', '), partsOf(lab, node).join(', '), 'bridge, tunnel and daemons', {
      from: node.name,
      claims: seedLab(lab) ? ['S000-Q1-1', 'S000-INS-2'] : [],
      how: `interfaces in /sys/class/net and running processes: ${parts.join(', ')}`,
    });
  }
};

/** What kubectl gave for the pod on one edge, and how often it gave no logs and was content before. */
export type Stream = { edge: NodeHandle; name: string; logs: ShellResult; empty: number; exec: ShellResult };

/** Through cloudcore: the API server cannot open a connection to an edge behind a NAT, the edge opened one to the cloud. */
export const askStreams = async (lab: LabHandle): Promise<Stream[]> => {
  if (!lab.has('kubeedge')) return [];
  const { workload, edges } = cast(lab);
  return Promise.all(
    edges.map(async (edge) => {
      const { namespace, name } = await lab.findPod(lab.pod(workload, { on: edge.name }));
      const [{ logs, empty }, exec] = await Promise.all([
        askLogs(lab, namespace, name),
        lab.kubectl({ nothrow: true, timeout: '20s' })`exec -n ${namespace} ${name} -- cat /etc/hostname`,
      ]);
      return { edge, name, logs, empty, exec };
    }),
  );
};

/** Seen in two of some fifty labs: kubectl ends with code 0 and without a line, and has them all when it is asked again. */
const askLogs = async (lab: LabHandle, namespace: string, name: string): Promise<Pick<Stream, 'logs' | 'empty'>> => {
  for (let empty = 0; ; empty++) {
    const logs = await lab.kubectl({ nothrow: true, timeout: '20s' })`logs -n ${namespace} ${name} --tail=20`;
    if (logs.exitCode !== 0 || logs.lines.length > 0 || empty === 5) return { logs, empty };
  }
};

export const checkStreams = (streams: readonly Stream[], expect: Expect): void => {
  const how = 'API server > cloudcore > the connection that the edge itself opened through its NAT';
  for (const { edge, name, logs, empty, exec } of streams) {
    const lines = logs.exitCode === 0 ? logs.lines.length : 0;
    expect.that(lines > 0, `logs of the pod on ${edge.name}`, {
      from: 'kubectl',
      expected: 'some lines',
      observed: lines > 0 ? 'some lines' : 'none',
      how: logs.exitCode === 0 ? `${how}${empty > 0 ? `; answers without a line: ${String(empty)}` : ''}` : logs.stderr.trim(),
      evidence: [{ at: 'kubectl logs', saw: logs.lines[0] ?? logs.stderr.trim() }],
    });
    expect.that(exec.text === name, `exec in the pod on ${edge.name}`, {
      from: 'kubectl',
      expected: "the pod's name",
      observed: exec.text === name ? "the pod's name" : exec.text || `exit code ${exec.exitCode}`,
      how: exec.exitCode === 0 ? how : exec.stderr.trim(),
      evidence: [{ at: 'kubectl exec cat /etc/hostname', saw: exec.text || exec.stderr.trim() }],
    });
  }
};
