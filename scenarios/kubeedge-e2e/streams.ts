/**
 * What goes through the connection that the edge opened: logs, commands, containers added to a pod that runs. One command, and the last
 * thing: what comes for one that has just ended may make edgecore panic and start again (send on closed channel, told of in kubeedge#4430).
 */
import type { NodeHandle } from 'edgelab';
import { isRunning } from './cast.ts';
import { readLog, type ConformanceCase, type Seen } from './case.ts';

/** The certificate by which the API server calls kubelets; kubeadm puts it in a group that may do all this. */
const pki = '/etc/kubernetes/pki';
const identity = [
  '--cacert',
  `${pki}/ca.crt`,
  '--cert',
  `${pki}/apiserver-kubelet-client.crt`,
  '--key',
  `${pki}/apiserver-kubelet-client.key`,
];
const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: ZWRnZWxhYiBlZGdlbGFiIQ=='];

/** Asks the API server over a WebSocket; what came, if it changed the protocol and `wanted` was in it. */
const askWebSocket = async (master: NodeHandle, path: string, protocol: string, wanted: string): Promise<string> => {
  const headers = [...upgrade, `Sec-WebSocket-Protocol: ${protocol}`].flatMap((header) => ['-H', header]);
  const url = `https://${master.name}:6443/api/v1/namespaces/default/pods/${path}`;
  const { stdout, stderr } = await master.$({ nothrow: true })`curl -sS -i --http1.1 --max-time 5 ${identity} ${headers} ${url}`;
  const [status = ''] = stdout.split('\r\n');
  return status.startsWith('HTTP/1.1 101 ') && stdout.includes(wanted) ? wanted : status || stderr.trim();
};

const overWebSocket = (name: string, protocol: string, pathOf: (pod: string) => string, expected: string): ConformanceCase => ({
  name,
  pod: 'main',
  look: async ({ lab, pod }) => {
    const [master] = lab.nodes('control-plane');
    const added = pod.status.ephemeralContainerStatuses?.some(({ state }) => state.running ?? state.terminated) ?? false;
    if (!master || !isRunning(pod) || !added) return { expected, observed: pod.status.phase };
    return { expected, observed: await askWebSocket(master, pathOf(pod.metadata.name), protocol, expected) };
  },
});

/** Adds a container to the pod, and then asks for its log. */
const askEphemeral = async (seen: Seen): Promise<string> => {
  const { lab, pod } = seen;
  const { name } = pod.metadata;
  const status = pod.status.ephemeralContainerStatuses?.find((one) => one.name === 'debugger');
  if (!status && isRunning(pod)) {
    const image = pod.spec.containers[0]?.image ?? '';
    await lab.kubectl({
      nothrow: true,
    })`debug ${name} --image=${image} -c debugger --profile=general -- sh -c ${'echo polo; exec sleep 600'}`;
  }
  if (!status?.state.running) return 'no debugger runs';
  return readLog(seen, 'debugger');
};

export const streamCases: ConformanceCase[] = [
  {
    name: '[sig-node] Kubelet when scheduling a busybox command in a pod should print the output to logs [NodeConformance] [Conformance]',
    pod: 'main',
    look: async (seen) => ({
      expected: 'container is alive',
      observed: isRunning(seen.pod) ? await readLog(seen, 'main') : seen.pod.status.phase,
    }),
  },
  overWebSocket(
    '[sig-node] Pods should support remote command execution over websockets [NodeConformance] [Conformance]',
    'v4.channel.k8s.io',
    (pod) => `${pod}/exec?stdout=1&stderr=1&container=main&command=echo&command=remote%20execution%20test`,
    'remote execution test',
  ),
  overWebSocket(
    '[sig-node] Pods should support retrieving logs from the container over websockets [NodeConformance] [Conformance]',
    'binary.k8s.io',
    (pod) => `${pod}/log?container=main`,
    'container is alive',
  ),
  {
    name: '[sig-node] Ephemeral Containers [NodeConformance] will start an ephemeral container in an existing pod [Conformance]',
    pod: 'main',
    look: async (seen) => ({ expected: 'polo', observed: await askEphemeral(seen) }),
  },
];
