/** flannel's backends: one key of etcd changed, flanneld started anew, and another way over the same wire. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { askFromBox, type Box } from './boxes.ts';
import { keeperOf, prefix } from './store.ts';
import { networkOf, readSubnetFile } from './subnet-file.ts';
import { showPackets, watchWire, type Seen } from './wire.ts';

type Backend = {
  name: 'vxlan' | 'host-gw' | 'udp';
  /** Network interface it makes; none where the kernel's routes are enough. */
  device?: string;
  claims: string[];
  /** What one packet on the wire between the hosts looks like, in tcpdump's words. */
  onWire: (from: string, to: string) => RegExp;
  how: string;
};

const literal = (text: string): string => text.replaceAll('.', String.raw`\.`);

export const backends: readonly Backend[] = [
  {
    name: 'vxlan',
    device: 'flannel.1',
    claims: ['S003-FL-3'],
    onWire: (from, to) => new RegExp(`IP ${literal(from)}\\.\\d+ > ${literal(to)}\\.8472: `),
    how: 'in UDP to port 8472, by the kernel',
  },
  {
    name: 'host-gw',
    claims: ['S003-FL-3'],
    onWire: () => /IP 10\.149\.\d+\.\d+\.\d+ > 10\.149\.\d+\.\d+\.8080: /,
    how: 'as they are, by a route to the other host',
  },
  {
    name: 'udp',
    device: 'flannel0',
    claims: ['S003-FL-1', 'S003-FL-3'],
    onWire: (from, to) => new RegExp(`IP ${literal(from)}\\.8285 > ${literal(to)}\\.8285: UDP`),
    how: 'in UDP to port 8285, by flanneld itself',
  },
];

/** What any backend may put on the wire for the boxes' HTTP. */
const filter = 'udp port 8472 or udp port 8285 or tcp port 8080';

/** flanneld leaves its devices and routes behind when it ends. */
const forget = `systemctl stop flanneld
for device in flannel.1 flannel0; do ip link delete $device 2>/dev/null; done
ip -4 route show | grep "^$1[.].* dev eth0" | while read -r target _; do ip route delete "$target"; done`;

export const useBackend = async (lab: LabHandle, name: Backend['name']): Promise<void> => {
  const hosts = lab.nodes('host');
  const { $ } = keeperOf(lab);
  const { text } = await $`etcdctl get --print-value-only ${`${prefix}/config`}`;
  const config = JSON.parse(text) as { Network: string; Backend: { Type: string } };
  if (config.Backend.Type === name) return;
  await $({ input: JSON.stringify({ ...config, Backend: { Type: name } }) })`etcdctl put ${`${prefix}/config`}`;
  // all stop before the first starts: none should learn of a neighbour that still has the old backend
  await Promise.all(hosts.map(({ $ }) => $({ input: forget })`sh -s -- ${config.Network.replace(/[.]0[.]0[/]16$/, '')}`));
  for (const node of hosts) await node.$`systemctl start flanneld`;
};

export const checkBackend = async (
  lab: LabHandle,
  expect: Expect,
  { name, device, claims, onWire, how }: Backend,
  boxes: Box[],
): Promise<void> => {
  const [one, , far] = boxes as [Box, Box, Box];
  const before = await Promise.all(lab.nodes('host').map(readSubnetFile));
  await useBackend(lab, name);
  const after = await Promise.all(lab.nodes('host').map(readSubnetFile));
  expect.equal(after.map(({ subnet }) => subnet).join(), before.map(({ subnet }) => subnet).join(), `subnets with ${name}`, {
    claims: ['S003-FL-2'],
    how: 'each host keeps the one it had',
  });
  const [from, to] = [one.node, far.node];
  await expect.eventually(`${far.id} on ${to.name} by ${name}`, '20s', async () => {
    const { seen, result } = await watchWire(to, 'eth0', filter, () => askFromBox(one, far));
    const matching = seen.lines.filter((line) => onWire(from.address, to.address).test(line));
    return {
      holds: result === `${to.name} answered` && matching.length > 0,
      from: `${one.id} on ${from.name}`,
      claims: [...claims, 'S003-BAS-2'],
      expected: `${to.name} answered`,
      observed: result,
      how: `${String(matching.length)} packets ${how}`,
      evidence: [showPackets({ ...seen, lines: matching })],
    };
  });
  await checkRoute(from, to, { name, ...(device === undefined ? {} : { device }) }, claims, expect);
  if (name === 'udp') await checkUdp(one, far, expect);
};

const checkRoute = async (
  from: NodeHandle,
  to: NodeHandle,
  { name, device }: Pick<Backend, 'name' | 'device'>,
  claims: string[],
  expect: Expect,
): Promise<void> => {
  const there = networkOf((await readSubnetFile(to)).subnet);
  const { text: route } = await from.$`ip -4 route get ${there.replace(/0$/, '2')}`;
  const [way = ''] = route.split('\n');
  const expected = device === undefined ? `via ${to.address} dev eth0` : `dev ${device}`;
  expect.that(way.includes(expected), `route to the containers of ${to.name} with ${name}`, {
    from: from.name,
    claims,
    expected,
    observed: way.trim(),
    how: way.trim(),
  });
};

/** Bridge, TUN device, flanneld, wire: each is seen with its packets. */
const checkUdp = async (one: Box, far: Box, expect: Expect): Promise<void> => {
  const { node } = one;
  const places: [string, string][] = [
    ['cni0', 'tcp port 8080'],
    ['flannel0', 'tcp port 8080'],
    ['eth0', 'udp port 8285'],
  ];
  const watch = async ([place, ...rest]: [string, string][], seen: Seen[]): Promise<Seen[]> => {
    if (!place) {
      await askFromBox(one, far);
      return seen;
    }
    const watched = await watchWire(node, place[0], place[1], () => watch(rest, seen));
    return [watched.seen, ...watched.result];
  };
  const seen = await watch(places, []);
  expect.that(
    seen.every(({ lines }) => lines.length > 0),
    'cni0, then flannel0, then UDP port 8285 on the wire',
    {
      from: node.name,
      claims: ['S003-FL-1'],
      how: seen.map(({ at, lines }) => `${at.replace(/^\S+ /, '')}: ${String(lines.length)} packets`).join(', '),
      evidence: seen.map(showPackets),
    },
  );
  const { text: kind } = await node.$`ip -d link show dev flannel0`;
  const { text: holder } = await node.$`cat /proc/$(pidof flanneld)/fdinfo/* 2>/dev/null | grep -E '^iff:'`;
  expect.that(/\btun type tun\b/.test(kind) && holder.includes('flannel0'), 'flannel0 is a TUN device of flanneld', {
    from: node.name,
    claims: ['S003-FL-1'],
    how: `flanneld has it open (${holder.replaceAll(/\s+/g, ' ')})`,
  });
};
