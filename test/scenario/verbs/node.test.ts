import test from 'ava';
import { LabError } from '../../../src/lib/lab-error.ts';
import type { VerbScene } from '../../../src/scenario/verbs/action.ts';
import { nodeVerbs } from '../../../src/scenario/verbs/node.ts';

/** What the end of the scenario does about a node that was paused, with an engine that answers an unpause so. */
const undoPause = async (unpause: () => Promise<void>): Promise<void> => {
  const pile: ((signal: AbortSignal) => Promise<void>)[] = [];
  const scene = {
    engine: { power: (_lab: string, _name: string, how: string) => (how === 'unpause' ? unpause() : Promise.resolve()) },
    lab: { name: 'lab' },
    signal: new AbortController().signal,
    act: (_what: string, work: () => Promise<void>) => work(),
    undo: (_what: string, work: (signal: AbortSignal) => Promise<void>) => pile.push(work),
  } as unknown as VerbScene;
  await nodeVerbs(scene, 'edge-1').pause();
  for (const work of pile) await work(new AbortController().signal);
};

test('a node that goes on already need not be let go on at the end, and every other failure is told', async (t) => {
  await t.notThrowsAsync(undoPause(() => Promise.reject(new LabError('ENGINE001', 'Container is not paused'))));
  await t.throwsAsync(
    undoPause(() => Promise.reject(new LabError('HOST001', 'no Docker engine answers'))),
    { code: 'HOST001' },
  );
});
