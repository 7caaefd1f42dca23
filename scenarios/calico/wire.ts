/** What is on the wire between two nodes when their pods talk, and how much of a packet is left for what they say. */
import type { Expect, LabHandle } from 'edgelab';
import { showPackets, watchWire } from '../cni/wire.ts';
import { cast } from '../question-1/cast.ts';
import { echoOn, isPlain, pairsOf } from './cast.ts';

const claims = ['S003-CA-1'];
/** Calico's VXLAN has the port of RFC 7348. */
const vxlan = 'udp port 4789';
/** Outer IPv4, UDP and VXLAN headers, and the inner Ethernet header (RFC 7348 §5). */
const vxlanOverhead = 50;

const literal = (text: string): string => text.replaceAll('.', String.raw`\.`);

export const checkWire = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await expect.reachAll(
    pairsOf(lab).map(([from, to]) => ({
      ...{ from: echoOn(lab, from), to: echoOn(lab, to), within: '20s', path: 'direct', claims: ['S003-BAS-2'] },
    })),
  );
  for (const [from, to] of pairsOf(lab).slice(0, 1)) {
    const [source, target] = await Promise.all([lab.findPod(echoOn(lab, from)), lab.findPod(echoOn(lab, to))]);
    const { seen } = await watchWire(
      to,
      'eth0',
      `${vxlan} or (host ${target.ip} and tcp)`,
      () => lab.kubectl`exec ${source.name} -- perl -e ${fetchByPerl} ${target.ip}`,
    );
    const plain = new RegExp(`^\\S+ IP ${literal(source.ip ?? '')}\\.\\d+ > ${literal(target.ip ?? '')}\\.80: `);
    const inVxlan = new RegExp(`IP ${literal(from.address)}\\.\\d+ > ${literal(to.address)}\\.4789: VXLAN`);
    const matching = seen.lines.filter((line) => (isPlain(lab) ? plain : inVxlan).test(line));
    expect.that(matching.length > 0 && (!isPlain(lab) || !seen.lines.some((line) => line.includes('.4789: '))), 'packets between pods', {
      from: `pod on ${from.name}`,
      to: `wire of ${to.name}`,
      claims,
      expected: isPlain(lab) ? 'podIP to podIP, as they are' : 'in VXLAN from node to node',
      observed: `${String(matching.length)} such packets`,
      how: matching[0] ?? 'none seen',
      evidence: [showPackets({ ...seen, lines: matching })],
    });
  }
};

const fetchByPerl =
  'use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => 80, Timeout => 5) or die "no answer\n"; print $s "GET /hostname HTTP/1.0\r\n\r\n"; print while <$s>;';

/** The largest packet of a pod beside that of its node: what a tunnel needs is missing. */
export const checkOverhead = async (lab: LabHandle, expect: Expect): Promise<void> => {
  for (const node of cast(lab).nodes) {
    const { name } = await lab.findPod(echoOn(lab, node));
    const [{ text: pod }, { text: wire }] = await Promise.all([
      lab.kubectl`exec ${name} -- cat /sys/class/net/eth0/mtu`,
      node.$`cat /sys/class/net/eth0/mtu`,
    ]);
    expect.equal(Number(wire) - Number(pod), isPlain(lab) ? 0 : vxlanOverhead, 'bytes of each packet that the pod network takes', {
      from: `pod on ${node.name}`,
      claims,
      how: `MTU ${pod} in the pod, ${wire} on the wire; with VXLAN it would be ${String(Number(wire) - vxlanOverhead)}`,
    });
  }
};
