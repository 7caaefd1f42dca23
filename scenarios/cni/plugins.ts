/** What a runtime asks of the CNI plugins, and what they make of it. */
import type { Evidence, Expect, LabHandle, NodeHandle } from 'edgelab';
import { addBox, askFromBox, callPlugin, readConf, removeBoxes, type Box } from './boxes.ts';
import { networkOf, readSubnetFile } from './subnet-file.ts';
import { showPackets, watchWire } from './wire.ts';

export const checkPlugins = async (lab: LabHandle, expect: Expect): Promise<Box[]> => {
  const [one, other] = lab.nodes('host') as [NodeHandle, NodeHandle];
  // what an interrupted run may have left
  await Promise.all([one, other].map(removeBoxes));
  const { exitCode: none } = await one.$({ nothrow: true })`test -e /sys/class/net/cni0`;
  expect.that(none !== 0, 'no bridge before the first ADD', { from: one.name, claims: ['S003-CNI-3'], how: 'no interface cni0' });
  await checkRefusals(one, expect);
  // the bridge plugin makes it even for an ADD that fails afterwards
  await one.$({ nothrow: true })`ip link delete cni0`;
  const first = await addBox(one, 'box-1');
  await checkFirst(first, expect);
  const second = await addBox(one, 'box-2');
  const far = await addBox(other, 'box-3');
  await checkNeighbours(first, second, expect);
  await checkApart([first, second, far], expect);
  return [first, second, far];
};

/** The sandbox comes first: without its namespace, or a name for the interface, ADD fails. */
const checkRefusals = async (node: NodeHandle, expect: Expect): Promise<void> => {
  const { name: from } = node;
  const conf = await readConf(node);
  const call = { command: 'ADD', id: 'nobody' } as const;
  const bare = await callPlugin(node, call, conf);
  expect.that(bare.exitCode !== 0 && /CNI_IFNAME|CNI_NETNS/.test(bare.stdout), 'ADD without sandbox and interface name', {
    from,
    claims: ['S003-CNI-1'],
    expected: 'refused',
    observed: bare.exitCode === 0 ? 'done' : 'refused',
    how: messageOf(bare.stdout),
  });
  const early = await callPlugin(node, { ...call, namespace: '/var/run/netns/nobody', interface: 'eth0' }, conf);
  expect.that(early.exitCode !== 0 && /failed to open netns/.test(early.stdout), 'ADD before the sandbox is there', {
    from,
    claims: ['S003-CNI-1'],
    expected: 'refused',
    observed: early.exitCode === 0 ? 'done' : 'refused',
    how: messageOf(early.stdout),
  });
  await node.$`ip netns add box-0`;
  const sandbox = { ...call, id: 'box-0', namespace: '/var/run/netns/box-0', interface: 'eth0' };
  const wrong = await callPlugin(node, sandbox, await readConf(node, { cniVersion: '0.8.5' }));
  await node.$`ip netns delete box-0`;
  const { name, cniVersion } = JSON.parse(conf) as { name: string; cniVersion: string };
  expect.that(wrong.exitCode !== 0 && /version/i.test(wrong.stdout), 'cniVersion 0.8.5, which the seed has', {
    from,
    claims: ['S003-INS-4'],
    expected: 'refused',
    observed: wrong.exitCode === 0 ? 'done' : 'refused',
    how: `refutes the seed: ${messageOf(wrong.stdout)}; here ${cniVersion}`,
  });
  const { text: conflist } = await node.$`cat /etc/cni/net.d/10-flannel.conflist`;
  expect.that(
    /"flannel"/.test(conflist) && /hairpinMode/.test(conflist) && /isDefaultGateway/.test(conflist) && /portmap/.test(conflist),
    'conflist of flannel and portmap',
    {
      from,
      claims: ['S003-INS-4'],
      how: `its name "${name}" is the network's; the bridge is the plugin's own default`,
      evidence: [{ at: `${from} /etc/cni/net.d`, saw: '10-flannel.conflist', raw: conflist }],
    },
  );
};

/** CNI errors are JSON with `msg` (specification 0.3.1, "Error"). */
const messageOf = (stdout: string): string => {
  const { msg = '', details = '' } = JSON.parse(stdout) as { msg?: string; details?: string };
  return [msg, details].filter((part) => part !== '').join(': ');
};

const checkFirst = async ({ node, id, address, gateway, result }: Box, expect: Expect): Promise<void> => {
  const { name: from, $ } = node;
  const { subnet, mtu } = await readSubnetFile(node);
  const { text: completed } = await $`cat /var/lib/cni/flannel/${id}`;
  const conf = JSON.parse(completed) as {
    type: string;
    mtu: number;
    ipam: { type: string; ranges?: { subnet: string }[][]; subnet?: string };
  };
  const range = conf.ipam.subnet ?? conf.ipam.ranges?.[0]?.[0]?.subnet ?? '';
  const raw: Evidence[] = [
    { at: `${from} /var/lib/cni/flannel`, saw: 'what the flannel plugin gave to the bridge plugin', raw: completed },
  ];
  expect.equal(
    `${conf.type}, ${conf.ipam.type} ${range}, mtu ${String(conf.mtu)}`,
    `bridge, host-local ${networkOf(subnet)}/24, mtu ${mtu}`,
    'what the flannel plugin makes of two lines of configuration',
    { from, claims: ['S003-CNI-2'], how: 'completed from /run/flannel/subnet.env, then handed to the bridge plugin', evidence: raw },
  );
  const host = result.interfaces.find(({ name, sandbox }) => name !== 'cni0' && (sandbox ?? '') === '')?.name ?? '';
  const { text: links } = await $`ip -o link show master cni0; ip -n ${id} -o link show dev eth0; ip -o link show dev cni0`;
  expect.that(
    links.includes(`${host}@`) && /eth0@/.test(links) && /cni0: <[^>]*\bUP\b/.test(links),
    'bridge cni0 made and up; veth with one end on it, the other eth0 inside',
    {
      from,
      claims: ['S003-CNI-3'],
      how: `${host} on cni0, eth0 in ${id}`,
      evidence: [{ at: from, saw: 'links', raw: links }],
    },
  );
  const { text: routes } = await $`ip -n ${id} -4 route show default; ip -o -4 addr show dev cni0`;
  expect.that(
    routes.includes(`default via ${gateway} dev eth0`) &&
      routes.includes(` ${subnet} `) &&
      subnet.startsWith(`${gateway}/`) &&
      networkOf(`${address}/24`) === networkOf(subnet),
    `address ${address}, default route, and cni0 has got ${gateway}`,
    {
      from,
      claims: ['S003-CNI-4'],
      how: 'cni0 did not exist before; the first address of the subnet is its own',
      evidence: [{ at: from, saw: 'routes', raw: routes }],
    },
  );
  const { lines } = await $`ip -o -4 addr show | grep -E ${' (cni0|docker0) '}`;
  const bridges = lines.map((line) => line.replace(/^\d+: (\S+) +inet (\S+).*$/, '$1 $2'));
  expect.that(bridges.includes(`cni0 ${subnet}`) && !bridges.includes(`docker0 ${subnet}`), 'the bridge of CNI is cni0, not docker0', {
    from,
    claims: ['S003-CNI-6'],
    how: `refutes the seed, which equates them: ${bridges.join(', ')}`,
  });
};

const checkNeighbours = async (one: Box, other: Box, expect: Expect): Promise<void> => {
  const { node } = one;
  const outside = await watchWire(node, 'eth0', 'udp port 8472 or tcp port 8080', () =>
    watchWire(node, 'cni0', 'tcp port 8080', () => askFromBox(one, other)),
  );
  const { seen: bridge, result } = outside.result;
  expect.that(
    result === `${node.name} answered` && bridge.lines.length > 0 && outside.seen.lines.length === 0,
    `${other.id} on the same host`,
    {
      from: `${one.id} on ${node.name}`,
      claims: ['S003-FL-4'],
      observed: result,
      how: `${String(bridge.lines.length)} packets on cni0, ${String(outside.seen.lines.length)} on the wire`,
      evidence: [showPackets(bridge), showPackets(outside.seen)],
    },
  );
};

const checkApart = async (boxes: Box[], expect: Expect): Promise<void> => {
  expect.equal(new Set(boxes.map(({ address }) => address)).size, boxes.length, 'addresses of all boxes differ', {
    claims: ['S003-BAS-2'],
    how: boxes.map(({ address, node }) => `${address} on ${node.name}`).join(', '),
  });
};
