import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makePlan } from '../../../src/plan/plan.ts';
import { up } from '../../../src/run/run.ts';
import { readLab } from '../../lib/read-lab.ts';
import { withDocker } from '../engine/real-docker.ts';

/** The same sites, subnets and addresses in both, but for the name of the lab. */
const topology = (name: string): string => `
name: ${name}
sites:
  net: { nodes: { server: { role: host } } }
  lan-a: { subnet: 192.168.1.0/24, nat: full-cone, nodes: { laptop: { role: host }, phone: { role: host } } }
  lan-b: { subnet: 192.168.1.0/24, nat: symmetric, nodes: { desk: { role: host } } }
`;
const names = ['side-one', 'side-two'] as const;
const senders = ['server', 'laptop', 'phone', 'desk'];

/** To everybody of the lab, each LAN's broadcast address and a multicast group, by UDP with the lab's name in it, and by ping. */
const shout = (
  lab: string,
): string => `for address in 45.77.0.1 45.77.0.2 45.77.0.3 45.77.0.10 192.168.1.1 192.168.1.11 192.168.1.12 192.168.1.13; do
  ping -c 2 -i 0.2 -W 1 $address > /dev/null 2>&1 || true
done
perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 17); setsockopt(S, SOL_SOCKET, SO_BROADCAST, 1);
  for my $to (qw(45.77.0.1 45.77.0.2 45.77.0.3 45.77.0.10 45.77.0.255 192.168.1.1 192.168.1.11 192.168.1.12 192.168.1.255 224.0.0.251)) {
    send(S, "shouted in ${lab} ", 0, pack_sockaddr_in(5353, inet_aton($to))) for 1 .. 20;
  }'`;

await withDocker(test, (engine, image) => {
  test.after.always(() => Promise.all(names.map((name) => engine.remove(name))));

  test('two labs with equal names of sites and equal subnets run side by side, and no frame crosses', async (t) => {
    const labs = await Promise.all(
      names.map(async (name) => {
        const lab = readLab(topology(name), 'lab.yaml');
        const plan = makePlan(lab).plan!;
        await up({
          ...{ lab, plan, engine, now: Date.now, topologyFile: '/lab.yaml', emit: () => undefined },
          images: { refs: new Map([['router', image]]) },
          signal: new AbortController().signal,
          runsDirectory: await mkdtemp(join(tmpdir(), 'side-by-side-')),
        });
        return { name, containers: plan.containers.map((container) => container.name) };
      }),
    );
    const sh = async (lab: string, container: string, line: string): Promise<string> => {
      const { code, stdout, stderr } = await engine.exec(lab, container, ['/bin/sh', '-c', line], { timeoutSeconds: 90 });
      if (code !== 0) throw new Error(`${container}: exit code ${code}\n${stderr}`);
      return stdout.trim();
    };
    const everywhere = (line: string) =>
      Promise.all(labs.map(({ name, containers }) => Promise.all(containers.map((container) => sh(name, container, line)))));

    const addresses = (await everywhere('cat /sys/class/net/*/address')).map(
      (lists) => new Set(lists.flatMap((list) => list.split('\n')).filter((mac) => mac !== '00:00:00:00:00:00')),
    );
    await everywhere(`tcpdump -i any -n -e -A -l > /tmp/seen 2> /tmp/tcpdump.log &
until grep -q listening /tmp/tcpdump.log; do sleep 0.05; done`);
    await Promise.all(labs.flatMap(({ name }) => senders.map((sender) => sh(name, sender, shout(name)))));
    const seen = await everywhere('sleep 0.5; cat /tmp/seen');

    const count = (texts: readonly string[], pattern: RegExp): number =>
      texts.reduce((sum, text) => sum + (text.match(pattern)?.length ?? 0), 0);
    for (const [index, { name }] of labs.entries()) {
      const other = 1 - index;
      const framesOf = (macs: ReadonlySet<string>) => count(seen[index]!, new RegExp([...macs].join('|'), 'g'));
      t.true(count(seen[index]!, new RegExp(`shouted in ${name} `, 'g')) > 200, 'what is said is heard in its own lab');
      t.true(framesOf(addresses[index]!) > 200);
      t.is(count(seen[index]!, new RegExp(`shouted in ${names[other]!} `, 'g')), 0, 'words of the other lab');
      t.is(framesOf(addresses[other]!), 0, 'frames of the other lab');
    }
  });
});
