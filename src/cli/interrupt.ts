/** Ctrl-C: the first ends the work and lets it clean up, the second leaves at once and says how to clean up by hand. */

/** `signal` aborts at the first SIGINT, SIGTERM or SIGHUP. */
type Interruption = { signal: AbortSignal; stop: () => void };

type InterruptOptions = {
  /** Says something on stderr. */
  say: (text: string) => void;
  /** What the second Ctrl-C tells the user to run; undefined when there is nothing to clean up. */
  cleanup: () => string | undefined;
  /** True while the signal is for a program inside a lab. */
  ignore: () => boolean;
  /** Ends the process with last words. */
  leave: (code: number, words: string) => void;
};

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens until `stop` is called. */
export const catchInterrupts = (target: NodeJS.EventEmitter, { say, ignore, cleanup, leave }: InterruptOptions): Interruption => {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (ignore()) return;
    const command = cleanup();
    if (controller.signal.aborted) {
      leave(130, command === undefined ? '\nleft as it is' : `\nleft as it is; clean up with: ${command}`);
      return;
    }
    if (command !== undefined) say('\ninterrupted: cleaning up (Ctrl-C again to leave at once)');
    controller.abort(new Error('interrupted'));
  };
  for (const name of signals) target.on(name, onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of signals) target.off(name, onSignal);
    },
  };
};
