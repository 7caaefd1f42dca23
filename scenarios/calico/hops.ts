/** The way hop by hop, as ping with a small TTL tells it: no part of it is hidden in a tunnel. */
import type { Expect, LabHandle } from 'edgelab';
import { echoOn, isPlain, pairsOf } from './cast.ts';

/** `From 45.77.0.11 icmp_seq=1 Time to live exceeded`, or `64 bytes from 10.244.128.3: …` */
const answerer = (text: string): string =>
  /^From (\S+) .*Time to live exceeded/m.exec(text)?.[1] ?? /bytes from ([\d.]+)/.exec(text)?.[1] ?? 'nobody';

export const checkHops = async (lab: LabHandle, expect: Expect): Promise<void> => {
  for (const [from, to] of pairsOf(lab).slice(0, 2)) {
    const [source, target] = await Promise.all([lab.findPod(echoOn(lab, from)), lab.findPod(echoOn(lab, to))]);
    const hops: string[] = [];
    for (const ttl of [1, 2, 3]) {
      const { stdout } = await lab.kubectl({ nothrow: true })`exec ${source.name} -- ping -n -c 1 -W 2 -t ${ttl} ${target.ip}`;
      hops.push(answerer(stdout));
    }
    const expected = isPlain(lab) ? [from.address, to.address, target.ip] : [from.address, 'a tunnel device', target.ip];
    expect.that(
      hops[0] === from.address && hops[2] === target.ip && (!isPlain(lab) || hops[1] === to.address),
      `hops to the pod on ${to.name}`,
      {
        from: `pod on ${from.name}`,
        claims: ['S003-CA-2'],
        expected: expected.join(', '),
        observed: hops.join(', '),
        how: 'its node, the other node, the pod: each answers a ping whose TTL ends there',
      },
    );
    const { text: route } = await to.$`ip -4 route get ${target.ip}`;
    expect.that(/ dev cali[0-9a-f]+ /.test(`${route} `), `route of ${to.name} to its own pod`, {
      from: to.name,
      claims: ['S003-CA-2'],
      expected: 'a wire of its own',
      observed: / dev (\S+)/.exec(route)?.[1] ?? 'none',
      how: route.split('\n')[0] ?? '',
    });
  }
};
