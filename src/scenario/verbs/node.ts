/** Verbs of a node: its power, and its link. */
import { LabError } from '../../lib/lab-error.ts';
import { awaitOnline, restartContainers } from '../../run/run.ts';
import type { VerbScene } from './action.ts';
import { linkVerbs, type LinkVerbs } from './link.ts';

/** What can be done to a node. */
export type NodeVerbs = {
  link: LinkVerbs;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Ends it as a power cut does; it stays down until `restart()` or the end of the scenario. */
  kill(): Promise<void>;
  /** Off and on again, wired as before; resolves when its network works, or with `offline` when it is wired: where the uplink is cut there is nothing to wait for. */
  restart(options?: { offline?: boolean }): Promise<void>;
};

/** Of the node of that name. */
export const nodeVerbs = (scene: VerbScene, name: string): NodeVerbs => {
  const { engine, lab, plan, signal, act, undo } = scene;
  const isOff = async (): Promise<boolean> =>
    (await engine.list(lab.name)).some((one) => one.name === name && one.kind === 'container' && one.state === 'exited');
  const restart = (how: 'stop' | 'start', until: AbortSignal): Promise<void> =>
    restartContainers({ engine, plan, containers: [name], how, signal: until });
  return {
    link: linkVerbs(scene, name),
    pause: () =>
      act(`${name} paused`, async () => {
        undo(`${name} paused`, () => engine.power(lab.name, name, 'unpause').catch(unlessRunning));
        await engine.power(lab.name, name, 'pause');
      }),
    unpause: () => act(`${name} goes on`, () => engine.power(lab.name, name, 'unpause')),
    kill: () =>
      act(`${name} killed`, async () => {
        undo(`${name} killed`, async (later) => {
          if (await isOff()) await restart('start', later);
        });
        await engine.power(lab.name, name, 'kill');
      }),
    restart: ({ offline = false } = {}) =>
      act(`${name} restarted`, async () => {
        await restart((await isOff()) ? 'start' : 'stop', signal);
        if (!offline) await awaitOnline(engine, plan, [name], signal);
      }),
  };
};

/** Docker refuses to let go on what is not paused. */
const unlessRunning = (error: unknown): void => {
  if (!(error instanceof LabError) || error.code !== 'ENGINE001') throw error;
};
