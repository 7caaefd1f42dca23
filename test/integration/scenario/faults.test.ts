import { readFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import type { LabEvent } from '../../../src/model/event.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { listFaults, readLink, restartContainers, up } from '../../../src/run/run.ts';
import { runScenario } from '../../../src/scenario/runner.ts';
import { scenario, step, type LiveLab, type StepContext } from '../../../src/scenario/scenario.ts';
import { readTopology } from '../../../src/topology/topology.ts';
import { readBlocks } from '../../evidence/pcap-files.ts';
import { withDocker } from '../engine/real-docker.ts';

const topology = (name: string): string => `
name: ${name}
sites:
  net: { nodes: { server: { role: host } } }
  home: { subnet: 192.168.1.0/24, nat: full-cone, nodes: { laptop: { role: host } } }
  office: { subnet: 192.168.2.0/24, nat: port-restricted, nodes: { desk: { role: host } } }
`;

await withDocker(test, (engine, image) => {
  const bringUp = async (t: ExecutionContext, name: string) => {
    t.teardown(() => engine.remove(name));
    const { lab } = readTopology(topology(name), 'lab.yaml');
    const { plan } = makePlan(lab!);
    const options = {
      ...{ lab: lab!, plan: plan!, engine, topologyFile: '/lab.yaml', now: Date.now, runsDirectory: '/tmp' },
      signal: new AbortController().signal,
      images: { refs: new Map([['router', image]]) },
    };
    const running = async () => {
      const events: LabEvent[] = [];
      const { reused } = await up({ ...options, emit: (event) => events.push(event) });
      return { reused, notices: events.flatMap((event) => (event.type === 'notice' ? [event.text] : [])) };
    };
    await running();
    return { lab: lab!, plan: plan!, running };
  };

  const play = async (t: ExecutionContext, name: string, ...runs: ((context: StepContext) => Promise<unknown>)[]) => {
    const { lab, plan } = await bringUp(t, name);
    const events: LabEvent[] = [];
    const { verdict } = await runScenario({
      scenario: scenario({ title: name, topology: name, steps: runs.map((run, index) => step(`step ${index + 1}`, run)) }),
      ...{
        file: 'faults.ts',
        lab,
        plan,
        engine,
        signal: new AbortController().signal,
        now: Date.now,
        emit: (event: LabEvent) => events.push(event),
      },
    });
    const said = events.flatMap((event) => (event.type === 'scenario-step' && event.message !== undefined ? [event.message] : []));
    t.is(verdict, 'passed', said.join('; '));
    t.deepEqual(
      events.filter(({ type }) => type === 'notice'),
      [],
    );
    t.deepEqual(await listFaults({ engine, lab: name }), []);
    return { plan, actions: events.flatMap((event) => (event.type === 'action' ? [`${event.state}: ${event.what}`] : [])) };
  };

  const reaches = async (lab: LiveLab, from: string, to = 'server'): Promise<boolean> =>
    (await lab.node(from).$({ nothrow: true })`ping -c 2 -i 0.2 -W 1 ${lab.node(to).address}`).exitCode === 0;

  test('uplinks go down and up, one way or both, and what is left down is up again at the end', async (t) => {
    const { actions } = await play(t, 'faults-uplink', async ({ lab, expect }) => {
      const { uplink } = lab.site('home');
      expect.that(await reaches(lab, 'laptop'), 'reached before');
      await uplink.down();
      expect.that(!(await reaches(lab, 'laptop')), 'cut');
      expect.that(await reaches(lab, 'desk'), 'the other site is not');
      await uplink.up();
      expect.that(await reaches(lab, 'laptop'), 'reached again');
      const seen = await lab.capture('server:eth0', { filter: 'icmp' });
      await uplink.down('down');
      expect.that(!(await reaches(lab, 'laptop')), 'no answers');
      const { packets } = await seen.stop();
      // two requests came through and were answered
      expect.equal(packets, 4, 'requests get out');
      expect.equal(readBlocks(await readFile(seen.file)).filter(({ type }) => type === 6).length, 4, 'the capture is a file');
      await uplink.flap({ times: 2, period: '200ms' });
    });
    t.deepEqual(actions.slice(0, 3), ['done: uplink of home down', 'undone: uplink of home down', 'done: uplink of home lets nothing in']);
  });

  test('a later step ends what an earlier one began', async (t) => {
    const { actions } = await play(
      t,
      'faults-steps',
      async ({ lab, expect }) => {
        await lab.site('home').uplink.down();
        expect.that(!(await reaches(lab, 'laptop')), 'cut');
      },
      async ({ lab, expect }) => {
        await lab.site('home').uplink.up();
        expect.that(await reaches(lab, 'laptop'), 'reached again');
      },
    );
    t.deepEqual(actions, ['done: uplink of home down', 'undone: uplink of home down']);
  });

  test('partitions part, DNS fails, and both end', async (t) => {
    await play(t, 'faults-parted', async ({ lab, expect }) => {
      const end = await lab.partition(['home'], ['net']);
      expect.that(!(await reaches(lab, 'laptop')), 'parted');
      expect.that(await reaches(lab, 'desk'), 'others are not');
      await end();
      expect.that(await reaches(lab, 'laptop'), 'together again');
      const asked = async () => (await lab.node('desk').$({ nothrow: true })`getent -s dns hosts laptop.home`).exitCode;
      expect.equal(await asked(), 0, 'DNS answers');
      const mend = await lab.failDns();
      expect.that((await asked()) !== 0, 'DNS does not');
      await mend();
      expect.equal(await asked(), 0, 'DNS answers again');
    });
  });

  test('a black hole takes large packets without a word, a link is put back as it was', async (t) => {
    const { plan } = await play(t, 'faults-hole', async ({ lab, expect }) => {
      const ping = async (size: number) =>
        await lab.node('laptop').$({ nothrow: true })`ping -M do -c 1 -W 1 -s ${size} ${lab.node('server').address}`;
      await lab.site('home').link.set({ delay: '10ms', up: { rate: '20mbit' } });
      await lab.site('home').uplink.blackHole(1300);
      expect.equal((await ping(1000)).exitCode, 0, 'small ones pass');
      const large = await ping(1400);
      expect.that(large.exitCode !== 0 && !/mtu/i.test(large.stdout), 'large ones vanish', { observed: large.stdout });
      await lab.site('home').uplink.up();
      expect.equal((await ping(1400)).exitCode, 0, 'large ones pass again');
    });
    const place = { container: 'home-router', device: 'wan0' };
    t.deepEqual(await readLink({ engine, lab: plan.lab, place }), { up: {}, down: {} });
  });

  test('a router comes back from a reboot with rules and link, nodes from a pause and from a kill', async (t) => {
    const { plan } = await play(
      t,
      'faults-power',
      async ({ lab, expect }) => {
        await lab.site('home').link.set({ delay: '20ms' });
        await lab.router('home').reboot();
        expect.that(await reaches(lab, 'laptop'), 'reaches through the router');
        const { stdout } = await lab.node('laptop').$`ping -q -c 5 -i 0.2 ${lab.node('server').address}`;
        const average = Number(/= [\d.]+\/([\d.]+)/.exec(stdout)?.[1]);
        expect.that(average > 40, 'its link is as slow as before', { observed: `${average} ms` });
        await lab.node('desk').restart();
        expect.that(await reaches(lab, 'desk'), 'desk is wired again');
      },
      async ({ lab }) => {
        await lab.node('laptop').pause();
        await lab.node('desk').kill();
      },
    );
    const states = (await engine.list(plan.lab)).flatMap(({ kind, state }) => (kind === 'container' ? [state] : []));
    t.deepEqual([...new Set(states)], ['running']);
  });

  test('a router that rebinds gives out another port, one whose bindings expire the same', async (t) => {
    await play(t, 'faults-rebind', async ({ lab, expect }) => {
      const outside = async (): Promise<string> => {
        const seen = await lab.capture('server:eth0', { filter: 'udp dst port 9000' });
        await lab.node('laptop')
          .$`perl -e 'use Socket; socket(S,PF_INET,SOCK_DGRAM,0); bind(S,sockaddr_in(5000,INADDR_ANY)); send(S,"x",0,sockaddr_in(9000,inet_aton($ARGV[0])))' ${lab.node('server').address}`;
        await lab.node('server').$`sleep 0.3`;
        await seen.stop();
        const packet = readBlocks(await readFile(seen.file)).find((block) => block.packet)?.packet;
        // Ethernet 14, IPv4 20: the source port
        return packet ? String(new DataView(packet.data.buffer).getUint16(34)) : 'none';
      };
      expect.equal(await outside(), '5000', 'the port is preserved');
      await lab.router('home').expireBindings();
      expect.equal(await outside(), '5000', 'and again when the binding is made anew');
      await lab.router('home').rebind();
      const port = await outside();
      expect.that(port !== '5000' && port !== 'none', 'but not after a rebind', { observed: port });
    });
  });

  test('a lab that was stopped as a whole is started by up, not built anew', async (t) => {
    const { plan, running } = await bringUp(t, 'faults-stopped');
    for (const { name } of plan.containers) await engine.power(plan.lab, name, 'kill');
    const { reused, notices } = await running();
    t.true(reused);
    t.deepEqual(notices, [
      `faults-stopped had been stopped: ${plan.containers.length} containers were started and wired again, nothing was built anew`,
    ]);
    await restartContainers({ engine, plan, containers: ['laptop'], how: 'stop', signal: new AbortController().signal });
  });
});
