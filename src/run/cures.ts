/** What is mended on nodes while a lab comes up. */
import type { Engine } from '../engine/engine.ts';
import type { Plan, StepId } from '../model/plan.ts';

/** The cures of one `up`. */
export type Cures = {
  /** Begins those that wait for this step. */
  afterStep: (done: StepId) => void;
  /** Ends all of them; resolves when they are gone. */
  end: () => Promise<void>;
};

/** `tell` hears what they did. One that fails is no reason for `up` to: without it a lab comes up later, or says by itself why not. */
export const makeCures = ({ lab, cures = [] }: Plan, engine: Engine, tell: (line: string) => void): Cures => {
  const stop = new AbortController();
  const running: Promise<unknown>[] = [];
  const begin = async (container: string, text: string, env: Record<string, string>): Promise<void> => {
    try {
      await engine.exec(lab, container, ['/bin/sh', '-c', text], {
        ...{ env, signal: stop.signal },
        onLine: (line, stream) => {
          if (stream === 'stdout') tell(line);
        },
      });
    } catch {
      // ended, as it must be; or its node is gone, which its steps say
    }
  };
  return {
    afterStep: (done) => {
      for (const { after, container, script } of cures) if (after === done) running.push(begin(container, script.text, script.env));
    },
    end: async () => {
      stop.abort();
      await Promise.all(running);
    },
  };
};
