/** Boxes: network namespaces that real CNI plugins wire, each with an echo server inside. What a runtime does, by hand. */
import type { NodeHandle } from 'edgelab';

export const echoPort = 8080;

export type Box = { node: NodeHandle; id: string; address: string; gateway: string; result: CniResult };

/** Of the CNI specification 0.3.1, as far as it is used here. */
export type CniResult = {
  interfaces: { name: string; sandbox?: string }[];
  ips: { address: string; gateway?: string }[];
  routes?: { dst: string; gw?: string }[];
};

/** A conflist's first plugin with the name and version that the runtime adds: what the plugin gets on stdin. */
export const readConf = async ({ $ }: NodeHandle, change: Record<string, unknown> = {}): Promise<string> => {
  const { stdout } = await $`cat /etc/cni/net.d/10-flannel.conflist`;
  const { name, cniVersion, plugins } = JSON.parse(stdout) as { name: string; cniVersion: string; plugins: Record<string, unknown>[] };
  return JSON.stringify({ name, cniVersion, ...plugins[0], ...change });
};

const binaries = '/opt/cni/bin';
const namespaceOf = (id: string): string => `/var/run/netns/${id}`;

export type Call = { command: 'ADD' | 'DEL'; id: string; namespace?: string; interface?: string };

/** One call of the flannel plugin as the CNI specification has it; never throws. */
export const callPlugin = ({ $ }: NodeHandle, { command, id, namespace, interface: name }: Call, conf: string) => {
  const env = [`CNI_COMMAND=${command}`, `CNI_CONTAINERID=${id}`, `CNI_PATH=${binaries}`];
  if (namespace !== undefined) env.push(`CNI_NETNS=${namespace}`);
  if (name !== undefined) env.push(`CNI_IFNAME=${name}`);
  return $({ input: conf, nothrow: true })`env ${env} ${`${binaries}/flannel`}`;
};

export const addBox = async (node: NodeHandle, id: string): Promise<Box> => {
  const { $ } = node;
  await $`ip netns add ${id} && ip -n ${id} link set lo up`;
  const added = await callPlugin(node, { command: 'ADD', id, namespace: namespaceOf(id), interface: 'eth0' }, await readConf(node));
  if (added.exitCode !== 0) throw new Error(`the plugin refused ${id} on ${node.name}: ${added.stdout}`);
  const result = JSON.parse(added.stdout) as CniResult;
  const [ip] = result.ips;
  await $`systemd-run --quiet --unit=${`box-${id}`} --property=${`NetworkNamespacePath=${namespaceOf(id)}`} /usr/bin/agnhost netexec --http-port=${echoPort}`;
  await awaitEcho(node, `--net=${namespaceOf(id)}`);
  return { node, id, address: ip?.address.replace(/\/.*/, '') ?? '', gateway: ip?.gateway ?? '', result };
};

/** Until the server inside listens. */
export const awaitEcho = ({ $ }: NodeHandle, namespace: string): Promise<unknown> =>
  $({
    timeout: '10s',
    input: `until nsenter "$1" ss -Hltn "sport = :$2" | grep -q .; do sleep 0.05; done`,
  })`sh -s -- ${namespace} ${echoPort}`;

/** Takes away every box of the node and the bridge they were on. */
export const removeBoxes = async (node: NodeHandle): Promise<void> => {
  const { $ } = node;
  const { lines } = await $`ip netns list`;
  const conf = await readConf(node);
  for (const id of lines.map((line) => line.replace(/ .*/, '')).filter((name) => name.startsWith('box'))) {
    await $({ nothrow: true })`systemctl stop ${`box-${id}`}`;
    await callPlugin(node, { command: 'DEL', id, namespace: namespaceOf(id), interface: 'eth0' }, conf);
    await $`ip netns delete ${id}`;
  }
  await $({ nothrow: true })`ip link delete cni0`;
};

/** What asks an echo server from inside a network namespace, given as nsenter takes it. */
export const askFrom = async ({ $ }: NodeHandle, namespace: string, address: string): Promise<string> => {
  const url = `http://${address}:${echoPort}/hostname`;
  const { exitCode, text } = await $({ nothrow: true })`nsenter ${namespace} curl -sS --max-time 3 ${url} 2>&1`;
  return exitCode === 0 ? `${text} answered` : text.replace(/^curl: \(\d+\) /, '').replace(/ after \d+ ms/, '');
};

export const askFromBox = ({ node, id }: Box, to: Box): Promise<string> => askFrom(node, `--net=${namespaceOf(id)}`, to.address);
