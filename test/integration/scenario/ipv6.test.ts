import test from 'ava';
import type { LabEvent } from '../../../src/model/event.ts';
import type { Check } from '../../../src/model/check.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { up } from '../../../src/run/run.ts';
import { runScenario } from '../../../src/scenario/runner.ts';
import { scenario, step, type LiveLab } from '../../../src/scenario/scenario.ts';
import { readTopology } from '../../../src/topology/topology.ts';
import { withDocker } from '../engine/real-docker.ts';

const topology = `
name: scenario-ipv6
sites:
  net: { nodes: { server: { role: host } } }
  home: { subnet: 192.168.1.0/24, nat: home-router, subnet6: 2001:db8:a::/64, nodes: { laptop: { role: host } } }
  office: { subnet: 10.1.0.0/16, nat: symmetric, subnet6: 'fd00:1::/64', prefix6: 2001:db8:b::/64, nodes: { desk: { role: host } } }
  old: { subnet: 192.168.1.0/24, nat: home-router, nodes: { fax: { role: host } } }
`;

await withDocker(test, (engine, image) => {
  test('scenarios ask over IPv6, by address and by name, and links, faults and captures are of both families', async (t) => {
    const { lab } = readTopology(topology, 'lab.yaml');
    const { plan } = makePlan(lab!);
    t.teardown(() => engine.remove(lab!.name));
    const events: LabEvent[] = [];
    const common = { lab: lab!, plan: plan!, engine, signal: new AbortController().signal, now: Date.now };
    await up({
      ...common,
      emit: () => undefined,
      topologyFile: '/lab.yaml',
      runsDirectory: '/tmp',
      images: { refs: new Map([['router', image]]) },
    });

    /** Both at once: what is done to a link or a site is done to IPv4 and IPv6 alike. */
    const reaches = async (live: LiveLab, from: string): Promise<[boolean, boolean]> => {
      const { address, address6 } = live.node('server');
      const ping = async (to: string) => (await live.node(from).$({ nothrow: true })`ping -c 2 -i 0.2 -W 1 ${to}`).exitCode === 0;
      return Promise.all([ping(address), ping(address6!)]);
    };
    const { verdict } = await runScenario({
      ...{ ...common, file: 'ipv6.ts', emit: (event: LabEvent) => events.push(event) },
      scenario: scenario({
        ...{ title: 'IPv6', topology: 'lab' },
        steps: [
          step('reach', async ({ lab: live, expect }) => {
            const [laptop, server, desk] = [live.node('laptop'), live.node('server'), live.node('desk')];
            await expect.reachAll([
              { from: laptop, to: live.address('server', { ipv6: true }), path: 'routed' },
              { from: laptop, to: live.address('server', { ipv6: true, byName: true }), path: 'routed' },
              { from: laptop, to: live.address('server', { byName: true }), path: 'routed' },
              { from: desk, to: live.address('server', { ipv6: true }) },
              // the prefix of the office is nobody's outside; that of the home is, and lets pings in (RFC 4890)
              { from: server, to: live.address('desk', { ipv6: true }), outcome: 'unreachable' },
              { from: server, to: live.address('laptop', { ipv6: true, byName: true }) },
              { from: server, to: live.address('laptop'), outcome: 'unreachable' },
            ]);
          }),
          step('links, faults and captures', async ({ lab: live, expect }) => {
            const seen = await live.capture('home-router:wan0', { filter: 'icmp6[icmp6type] = icmp6-echo' });
            expect.equal(await reaches(live, 'laptop'), [true, true], 'before');
            expect.equal((await seen.stop()).packets, 2, 'a capture sees two requests over IPv6');
            await live.site('home').link.set({ delay: '60ms' });
            const slow = await live.node('laptop').$`ping -c 1 -W 2 ${live.node('server').address6!}`;
            expect.that(Number(/time=([\d.]+)/.exec(slow.stdout)?.[1]) >= 120, 'a link is slow for IPv6 too', { observed: slow.stdout });
            await live.site('home').link.clear();
            await live.site('home').uplink.down();
            expect.equal(await reaches(live, 'laptop'), [false, false], 'a cut is of both');
            await live.site('home').uplink.up();
            const end = await live.partition(['home'], ['net']);
            expect.equal(await reaches(live, 'laptop'), [false, false], 'parted in both');
            expect.equal(await reaches(live, 'desk'), [true, true], 'others are not');
            await end();
            const ping = async (size: number) =>
              await live.node('laptop').$({ nothrow: true })`ping -M do -c 1 -W 1 -s ${size} ${live.node('server').address6!}`;
            await live.site('home').uplink.blackHole(1300);
            expect.equal((await ping(1000)).exitCode, 0, 'small ones pass');
            const large = await ping(1400);
            expect.that(large.exitCode !== 0 && !/mtu/i.test(large.stdout), 'large ones vanish without a word', { observed: large.stdout });
            await live.site('home').uplink.up();
            expect.equal((await ping(1400)).exitCode, 0, 'and pass again');
            await live.router('home').reboot();
            expect.equal(await reaches(live, 'laptop'), [true, true], 'a rebooted router has both again');
          }),
        ],
      }),
    });
    const checks = events.flatMap((event): Check[] => (event.type === 'check' ? [event.check] : []));
    const wrong = checks
      .filter(({ ok }) => !ok)
      .map(({ from, to, expected, observed, how }) => `${from} ${to}: ${expected}, ${observed}, ${how}`);
    t.deepEqual(wrong, []);
    t.is(verdict, 'passed');
    const named = checks.find(({ to }) => to.startsWith('IPv6 name of server'));
    t.regex(named?.how ?? '', /2001:db8:a::b to 2001:db8::a without a tunnel, through home-router/);
  });
});
