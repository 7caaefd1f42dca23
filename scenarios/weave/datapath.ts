/** How Weave carries packets: by the kernel's Open vSwitch (fast datapath, VXLAN), or in user space where there is none (sleeve). */
import type { Expect, LabHandle } from 'edgelab';
import { echoOn, pairsOf } from '../calico/cast.ts';
import { showPackets, watchWire } from '../cni/wire.ts';
import { readConnections } from './status.ts';

/** UDP port of each on the wire. */
const ports = { sleeve: 6783, fastdp: 6784 } as const;

export const checkReach = (lab: LabHandle, expect: Expect): Promise<unknown> =>
  expect.reachAll(
    pairsOf(lab).map(([from, to]) => ({ ...{ from: echoOn(lab, from), to: echoOn(lab, to) }, within: '20s', claims: ['S003-BAS-2'] })),
  );

/** Which one it is, is the kernel's doing: without Open vSwitch there is no fast datapath. */
export const checkDatapath = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [pair] = pairsOf(lab);
  if (!pair) throw new Error('this scenario needs two nodes in the cluster');
  const [from, to] = pair;
  const { exitCode } = await from.$({ nothrow: true })`ip link show type openvswitch | grep -q .`;
  const expected = exitCode === 0 ? 'fastdp' : 'sleeve';
  const connection = (await readConnections(from)).find(({ peer }) => peer === to.name);
  expect.equal(connection?.way ?? 'none', expected, `how packets go to ${to.name}`, {
    from: from.name,
    claims: ['S003-WE-2'],
    how: `${expected === 'sleeve' ? 'the kernel has no Open vSwitch' : 'the kernel has Open vSwitch'}; ${connection?.line ?? 'no connection'}`,
  });
  const [source, target] = await Promise.all([lab.findPod(echoOn(lab, from)), lab.findPod(echoOn(lab, to))]);
  const { seen } = await watchWire(
    to,
    'eth0',
    `udp and host ${from.address} and (port 6783 or port 6784)`,
    () => lab.kubectl`exec ${source.name} -- ping -n -c 5 -i 0.2 -W 2 -s 900 ${target.ip}`,
  );
  const large = seen.lines.filter(
    (line) => new RegExp(`\\.${String(ports[expected])}: `).test(line) && Number(/length (\d+)/.exec(line)?.[1]) > 900,
  );
  expect.that(large.length >= 5, 'pings of 900 bytes on the wire', {
    from: `pod on ${from.name}`,
    to: `wire of ${to.name}`,
    claims: ['S003-WE-2'],
    expected: `5 or more in UDP to port ${String(ports[expected])}`,
    observed: `${String(large.length)} packets`,
    how: large[0] ?? 'none seen',
    evidence: [showPackets({ ...seen, lines: large })],
  });
};
