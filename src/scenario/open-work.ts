/** What a step begins and does not await belongs to the step all the same. */
import { setImmediate } from 'node:timers/promises';

/** Remembers work until it ends; gives what is to be awaited. */
export type Track = <T>(work: Promise<T>) => Promise<T>;

/**
 * Runs code of a scenario's author to the end of all it began. A forgotten `await` fails this, not the program later:
 * tracked work is waited for, and a rejection that nobody handled meanwhile is thrown here.
 */
export const withOpenWork = async (run: (track: Track) => unknown): Promise<void> => {
  const open = new Set<Promise<unknown>>();
  const strays: unknown[] = [];
  const onStray = (reason: unknown): void => void strays.push(reason);
  process.on('unhandledRejection', onStray);
  try {
    await run((work) => {
      const watched = work.finally(() => open.delete(watched));
      open.add(watched);
      return watched;
    });
    const ends = await Promise.allSettled(open);
    // rejections are reported once the current turn is over
    await setImmediate();
    strays.push(...ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : [])));
    if (strays.length > 0) throw strays[0];
  } finally {
    process.off('unhandledRejection', onStray);
  }
};
