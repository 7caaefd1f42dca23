import test, { type ExecutionContext } from 'ava';
import { plainLink } from '../../../src/links/links.ts';
import type { LabError } from '../../../src/lib/lab-error.ts';
import { changeLinks, readLink, restartContainers } from '../../../src/run/run.ts';
import { docker, hasNetem, withDocker } from '../engine/real-docker.ts';
import { flowsOn, link, ways } from './flows.ts';

await withDocker(test, async (engine, image) => {
  const { bringUp, measure } = flowsOn(engine, image);
  const netem = await hasNetem(image);

  /** Others use the machine too: a measurement that fails is made again, twice at most. */
  const eventually = async (t: ExecutionContext, what: string, look: () => Promise<{ ok: boolean; saw: string }>): Promise<void> => {
    const seen: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const { ok, saw } = await look();
      seen.push(saw);
      t.log(`${what}: ${saw}`);
      if (!ok) continue;
      t.pass();
      return;
    }
    t.fail(`${what}: ${seen.join('; ')}`);
  };

  test('a declared delay is there, both ways, within 1 % at the median', async (t) => {
    await bringUp(t, 'links-delay', 'link: { delay: 50ms }');
    for (const [way, from, to] of ways)
      await eventually(t, `50 ms ${way}`, async () => {
        const { p50, p99, received } = await measure('links-delay', from, to, { count: 600, microseconds: 5000, size: 200 });
        return { ok: received === 600 && Math.abs(p50 - 50) <= 0.5, saw: `p50 ${p50} ms, p99 ${p99} ms, ${received} of 600` };
      });
  });

  test('loss is as declared within 0.2 points, one way only where only one way was named', async (t) => {
    await bringUp(t, 'links-loss', 'link: { up: { loss: 2% } }');
    for (const [way, from, to] of ways) {
      const { received } = await measure('links-loss', from, to, { count: 60_000, microseconds: 40, size: 100 });
      const percent = 100 - received / 600;
      t.log(`loss ${way}: ${percent.toFixed(3)} %`);
      // three standard deviations of 60 000 draws at 2 % are 0.17 points
      t.true(way === 'up' ? Math.abs(percent - 2) <= 0.2 : percent <= 0.01, `${way}: ${percent} %`);
    }
  });

  test('a rate is as declared within 5 %, both ways, alone and with a delay', async (t) => {
    await bringUp(t, 'links-rate', 'link: { rate: 10mbit }');
    for (const words of [['rate=10mbit'], ['rate=10mbit', 'delay=20ms']]) {
      await changeLinks({ engine, lab: 'links-rate' }, 'home', link(...words));
      for (const [way, from, to] of ways)
        await eventually(t, `${words.join(' ')} ${way}`, async () => {
          const { kbit } = await measure('links-rate', from, to, { count: 3000, microseconds: 600, size: 1400 });
          return { ok: Math.abs(kbit - 10_000) <= 500, saw: `${Math.round(kbit)} kbit/s` };
        });
    }
  });

  test('packets are doubled and overtake others as declared, and jitter alone keeps their order', async (t) => {
    await bringUp(t, 'links-order');
    const flow = { count: 5000, microseconds: 200, size: 100 };
    await changeLinks({ engine, lab: 'links-order' }, 'laptop', link('delay=10ms', 'jitter=5ms', 'duplicate=10%'));
    const jittered = await measure('links-order', 'laptop', 'server', flow);
    t.is(jittered.reordered, 0);
    t.true(Math.abs(jittered.doubled - 500) < 150, `${jittered.doubled} doubled`);
    await changeLinks({ engine, lab: 'links-order' }, 'laptop', link('delay=10ms', 'reorder=5%'));
    const { reordered, doubled, received } = await measure('links-order', 'laptop', 'server', flow);
    t.deepEqual({ doubled, received }, { doubled: 0, received: 5000 });
    t.true(reordered > 3000, `${reordered} overtaken`);
  });

  test('a link changes while packets fly, none is lost by that, and clearing leaves nothing behind', async (t) => {
    await bringUp(t, 'links-live');
    const where = { engine, lab: 'links-live' };
    const flying = measure('links-live', 'laptop', 'server', { count: 3000, microseconds: 1000, size: 200 });
    for (const words of [['delay=20ms'], ['delay=5ms'], ['4g', 'loss=0%'], []])
      await changeLinks(where, 'home', words.length === 0 ? plainLink : link(...words));
    t.is((await flying).received, 3000);
    const left = async (): Promise<string> =>
      (
        await engine.exec('links-live', 'home-router', [
          'sh',
          '-c',
          'ls /sys/class/net; nft list tables; pgrep -c edgelab-wire; tc qdisc show dev wan0',
        ])
      ).stdout;
    for (let turn = 0; turn < 50 && /wan0-|edgelab-wire/.test(await left()); turn++);
    t.notRegex(await left(), /wan0-|netdev|tbf|netem/);
  });

  test('a condition that was set comes back after a restart, with wiring and rules', async (t) => {
    const { plan } = await bringUp(t, 'links-back', 'link: { delay: 5ms }');
    const where = { engine, lab: 'links-back' };
    await changeLinks(where, 'home', link('delay=30ms'));
    // After it other programs have these numbers, the new wires among them: none may be ended for that.
    const numbers = 'seq 2 4000 >> /run/edgelab/wan0.wires';
    t.is((await engine.exec('links-back', 'home-router', ['/bin/sh', '-c', numbers])).code, 0);
    await restartContainers({ engine, plan, containers: ['home-router'], how: 'kill', signal: new AbortController().signal });
    t.deepEqual(await readLink({ ...where, place: { container: 'home-router', device: 'wan0' } }), link('delay=30ms'));
    await eventually(t, '30 ms after a restart', async () => {
      const { p50, received } = await measure('links-back', 'laptop', 'server', { count: 300, microseconds: 5000, size: 200 });
      return { ok: received === 300 && Math.abs(p50 - 30) <= 0.5, saw: `p50 ${p50} ms, ${received} of 300` };
    });
  });

  test('an MTU is answered with the size that fits', async (t) => {
    await bringUp(t, 'links-mtu', 'link: { mtu: 1400 }');
    for (const [, from, to] of ways) {
      const address = (await engine.exec('links-mtu', to, ['hostname', '-I'])).stdout.trim();
      const ping = (size: number) =>
        engine.exec('links-mtu', from, ['ping', '-M', 'do', '-c', '1', '-W', '1', '-s', String(size), address]);
      t.is((await ping(1372)).code, 0);
      t.regex((await ping(1373)).stdout, /mtu ?= ?1400/);
    }
  });

  (netem ? test.skip : test)('what the machine cannot do is refused before anything starts (not where the kernel has netem)', async (t) => {
    await bringUp(t, 'links-unable');
    await engine.exec('links-unable', 'home-router', ['rm', '/usr/bin/edgelab-wire']);
    const error = await t.throwsAsync<LabError>(changeLinks({ engine, lab: 'links-unable' }, 'home', link('delay=5ms')));
    t.is(error.code, 'HOST011');
    t.is(await docker('exec', (await engine.inspect('links-unable', 'home-router')).ref, 'nft', 'list', 'tables', 'netdev'), '');
  });
});
