import test from 'ava';
import { macOf } from '../../../src/lib/mac.ts';
import { partitionOf } from '../../../src/run/run.ts';
import { withDocker } from '../engine/real-docker.ts';
import { openNatLab, type NatLab } from './nat-lab.ts';

const topology = `
name: nat-regions
internet: { subnet: 45.77.0.0/24 }
sites:
  public: { nodes: { server: { role: host } } }
  eu: { subnet: 45.78.1.0/24, nat: none, nodes: { eu-1: { role: host }, eu-2: { role: host } } }
  us: { subnet: 45.78.2.0/24, nat: none, nodes: { us-1: { role: host } } }
  ap: { subnet: 45.78.3.0/24, nat: firewall, nodes: { ap-1: { role: host } } }
  office: { uplink: eu, subnet: 192.168.1.0/24, nat: home-router, nodes: { desk: { role: host } } }
links:
  - { between: [eu, us], delay: 40ms }
  - { between: [ap, eu], up: { delay: 70ms }, down: { delay: 10ms } }
`;
const addresses = { 'eu-1': '45.78.1.11', 'eu-2': '45.78.1.12', 'us-1': '45.78.2.11', 'ap-1': '45.78.3.11', server: '45.77.0.10' };
type Node = keyof typeof addresses;

await withDocker(test, (engine, image) => {
  let lab: NatLab;
  test.before(async () => {
    lab = await openNatLab(engine, image, topology);
  });
  test.after.always(() => lab.close());

  /** Median round trip of nine pings in milliseconds, after one that resolves addresses; undefined without an answer. */
  const roundTrip = async (from: string, to: Node): Promise<number | undefined> => {
    const { stdout } = await lab.sh(from, `ping -c 10 -i 0.2 -W 1 ${addresses[to]}`);
    const times = [...stdout.matchAll(/time=([\d.]+)/g)].map(([, time]) => Number(time)).slice(1);
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  };
  const near = (t: { true(value: boolean, message?: string): void }, seen: number | undefined, wanted: number, what: string): void =>
    t.true(seen !== undefined && seen >= wanted && seen < wanted + 4, `${what}: ${seen} ms, declared ${wanted} ms`);

  test.serial('between two regions packets take the delay declared for just these two, in a region none', async (t) => {
    near(t, await roundTrip('us-1', 'eu-1'), 80, 'us to eu');
    near(t, await roundTrip('eu-2', 'eu-1'), 0, 'inside eu');
    near(t, await roundTrip('ap-1', 'eu-2'), 80, 'ap to eu');
    near(t, await roundTrip('desk', 'us-1'), 80, 'an office in eu to us');
    near(t, await roundTrip('server', 'us-1'), 0, 'by the internet');
    // Nothing is declared between these: the internet is between them.
    near(t, await roundTrip('ap-1', 'us-1'), 0, 'ap to us');
  });

  test.serial('a stateful firewall guards the link as it guards the way to the internet', async (t) => {
    t.is(await roundTrip('eu-1', 'ap-1'), undefined);
  });

  test.serial('a link does what it did after a router was started again, and neighbours need learn nothing', async (t) => {
    const card = (): Promise<string> => lab.ok('eu-router', 'cat /sys/class/net/lan0/address');
    t.is(await card(), macOf(lab.lab.name, '45.78.1.1'));
    await Promise.all(['eu-router', 'ap-router'].map((router) => lab.restart(router, 'kill')));
    t.is(await card(), macOf(lab.lab.name, '45.78.1.1'));
    near(t, await roundTrip('us-1', 'eu-1'), 80, 'us to eu');
    near(t, await roundTrip('ap-1', 'eu-2'), 80, 'ap to eu');
  });

  test.serial('a partition of a region parts it from the named ones and from no other, its offices included', async (t) => {
    const heal = await lab.begin('parted', partitionOf(lab.lab, ['eu'], ['us']));
    t.is(await roundTrip('us-1', 'eu-1'), undefined);
    t.is(await roundTrip('desk', 'us-1'), undefined);
    near(t, await roundTrip('ap-1', 'eu-1'), 80, 'ap to eu');
    near(t, await roundTrip('server', 'us-1'), 0, 'by the internet');
    await heal();
    near(t, await roundTrip('us-1', 'eu-1'), 80, 'healed');
  });

  test.serial('no packet with the address of a LAN was on the internet', async (t) => {
    t.regex(await lab.ok('internet-core', 'nft list counter ip lab leaked'), /packets 0 /);
  });
});
