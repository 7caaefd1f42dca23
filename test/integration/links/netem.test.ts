import test from 'ava';
import { conditionLink, probeLinks } from '../../../src/run/run.ts';
import { hasNetem, withDocker } from '../engine/real-docker.ts';
import { flowsOn, link, ways } from './flows.ts';

const place = { container: 'home-router', device: 'wan0', inner: 'lan0' };

await withDocker(test, async (engine, image) => {
  const { bringUp, measure } = flowsOn(engine, image);
  const onNetem = (await hasNetem(image)) ? test : test.skip;

  /** With nothing else to make conditions by, so that what is measured is netem. */
  const condition = async (lab: string, ...words: string[]): Promise<void> => {
    const facts = { ...(await probeLinks({ engine, lab, container: place.container })), wire: false };
    await conditionLink({ engine, lab, place, facts, conditions: link(...words) });
  };

  onNetem('netem (skipped where the kernel has none) delays as declared within 1 % at the median, both ways', async (t) => {
    await bringUp(t, 'netem-delay');
    await condition('netem-delay', 'delay=50ms');
    for (const [, from, to] of ways) {
      const { p50, received } = await measure('netem-delay', from, to, { count: 600, microseconds: 5000, size: 200 });
      t.is(received, 600);
      t.true(Math.abs(p50 - 50) <= 0.5, `p50 ${p50} ms`);
    }
  });

  onNetem('netem (skipped where the kernel has none) loses as declared within 0.2 points, one way only where one was named', async (t) => {
    await bringUp(t, 'netem-loss');
    await condition('netem-loss', 'up.loss=2%');
    for (const [way, from, to] of ways) {
      const { received } = await measure('netem-loss', from, to, { count: 60_000, microseconds: 40, size: 100 });
      const percent = 100 - received / 600;
      t.true(way === 'up' ? Math.abs(percent - 2) <= 0.2 : percent <= 0.01, `${way}: ${percent} %`);
    }
  });

  onNetem('netem (skipped where the kernel has none) doubles, reorders and limits; jitter alone keeps the order', async (t) => {
    await bringUp(t, 'netem-order');
    const flow = { count: 5000, microseconds: 200, size: 100 };
    await condition('netem-order', 'delay=10ms', 'jitter=5ms', 'duplicate=10%');
    const jittered = await measure('netem-order', 'laptop', 'server', flow);
    t.is(jittered.reordered, 0);
    t.true(Math.abs(jittered.doubled - 500) < 150, `${jittered.doubled} doubled`);
    await condition('netem-order', 'delay=10ms', 'reorder=5%');
    const { reordered, received } = await measure('netem-order', 'laptop', 'server', flow);
    t.is(received, 5000);
    t.true(reordered > 3000, `${reordered} overtaken`);
    await condition('netem-order', 'rate=10mbit');
    for (const [way, from, to] of ways) {
      const { kbit } = await measure('netem-order', from, to, { count: 3000, microseconds: 600, size: 1400 });
      t.true(Math.abs(kbit - 10_000) <= 500, `${way}: ${kbit} kbit/s`);
    }
  });
});
