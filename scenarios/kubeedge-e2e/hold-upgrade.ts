/** KubeEdge's own cases of pods that wait on the edge until somebody there lets them start. Since v1.22. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { castEdges, holds, isRunning, makeReader, removeObjects, type Reader } from './cast.ts';
import { applyObjects, makePod, pause } from './objects.ts';

type HoldCase = { name: string; keys: string[]; resource: 'pods' | 'nodes' };

const cases: HoldCase[] = [
  {
    name: 'E2E_ES_POD_HOLD_UPGRADE_1: Create pod with hold-upgrade annotation, expect pending on edge node, unhold upgrade, expect pod running',
    ...{ keys: ['held'], resource: 'pods' },
  },
  {
    name: 'E2E_ES_NODE_HOLD_UPGRADE_2: Create multiple pods with hold-upgrade annotation on a node, expect pending, unhold node-wide, expect all pods running',
    ...{ keys: ['held-1', 'held-2'], resource: 'nodes' },
  },
];

const annotations = { 'edge.kubeedge.io/hold-upgrade': 'true' };

/**
 * Each run has names of its own, since edged keeps what it held of a deleted pod, and starts it when one of that name is freed. It is the first
 * thing a run does, because a pod that ends makes edged read its own store: it then holds again what is Pending there, also what was freed just
 * now, and freeing that puts it in the place of all pods of the edge.
 */
export const checkHolds = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await removeObjects(lab, true);
  const run = Date.now().toString(36).slice(-5);
  const read = makeReader(lab);
  const held = cases.map((one) => ({ ...one, keys: one.keys.map((key) => `${key}-${run}`) }));
  await applyObjects(lab, castEdges(lab), [
    (place) => held.flatMap(({ keys }) => keys.map((key) => makePod(place, key, { containers: [pause] }, annotations))),
  ]);
  await Promise.all(
    castEdges(lab).map(async (edge) => {
      // what frees all pods of a node would free that of the first case too
      for (const one of held) await checkHold(expect, read, edge, one);
    }),
  );
};

const checkHold = (expect: Expect, read: Reader, edge: NodeHandle, { name, keys, resource }: HoldCase): Promise<unknown> => {
  const names = keys.map((key) => `${key}-${edge.name}`);
  let answer: string | undefined;
  return expect.eventually(name, '60s', async () => {
    const pods = (await read()).filter(({ metadata }) => names.includes(metadata.name));
    const held = pods.filter((pod) => pod.status.phase === 'Pending' && holds(pod, 'HeldUpgrade'));
    if (answer === undefined && held.length === names.length) {
      const url = `http://127.0.0.1:10550/api/v1/${resource}/unhold-upgrade`;
      const body = resource === 'pods' ? `default/${names[0] ?? ''}` : edge.name;
      answer = (await edge.$`curl -s -o /dev/null -w ${'%{http_code}'} -H ${'Content-Type: text/plain'} --data ${body} ${url}`).text;
    }
    const ran = pods.filter(isRunning).length;
    return {
      holds: answer === '200' && ran === names.length,
      from: edge.name,
      expected: `${names.length} held; 200; ${names.length} run`,
      observed: answer === undefined ? `${held.length} held, ${ran} run` : `${names.length} held; ${answer}; ${ran} run`,
      how: `condition HeldUpgrade, seen in the cloud; then a POST to the edge's own metaServer: ${resource}/unhold-upgrade`,
    };
  });
};
