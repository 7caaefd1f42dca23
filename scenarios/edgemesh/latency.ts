/** Where agents reach each other their traffic goes past the relay: it does not have the delay of the uplinks. */
import type { Expect, FlowFigures, LiveLab, NodeHandle } from 'edgelab';
import { cast } from '../question-1/cast.ts';

/** One way, of each LAN's uplink: what is relayed crosses two of them, forth and back. */
const delay = 20;
const relayed = 4 * delay;

export const checkLatency = async (lab: LiveLab, expect: Expect): Promise<void> => {
  const { workload, edges } = cast(lab);
  const [from, ...others] = edges;
  const near = others.find(({ segment }) => segment === from?.segment);
  const far = others.find(({ segment }) => segment !== from?.segment);
  if (!from || !near || !far) return;
  const sites = [from.site, far.site];
  for (const site of sites) await lab.site(site).link.set({ delay: `${delay}ms` });
  const measure = (to: NodeHandle): Promise<FlowFigures | undefined> =>
    lab.measure(lab.pod(workload, { on: from.name }), lab.service(workload, { on: to.name }), { seconds: 3, waitSeconds: 60 });
  const figures = { near: await measure(near), far: await measure(far) };
  const say = (seen: FlowFigures | undefined): string => (seen ? `${seen.p50Ms} ms, p99 ${seen.p99Ms} ms` : 'no answer');
  const common = { from: `pod on ${from.name}`, claims: ['S001-EM-4'] };
  expect.that(figures.far !== undefined && figures.far.p50Ms >= relayed, `round trip to ${far.name}`, {
    ...common,
    expected: `at least ${relayed} ms`,
    observed: say(figures.far),
    how: `relayed: two uplinks of ${delay} ms, forth and back`,
  });
  expect.that(figures.near !== undefined && figures.near.p50Ms < delay, `round trip to ${near.name}`, {
    ...common,
    expected: `below ${delay} ms`,
    observed: say(figures.near),
    how: 'direct on the LAN: no uplink is in the way, the relay has no part in it',
  });
  for (const site of sites) await lab.site(site).link.clear();
};
