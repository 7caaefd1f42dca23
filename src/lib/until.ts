/** The one poll loop: asks until the answer is there or the limit has passed. */
import type { Clock } from './clock.ts';

type UntilOptions = {
  clock: Clock;
  limitSeconds: number;
  /** Pause between two questions; it doubles up to `maxMilliseconds`. */
  everyMilliseconds?: number;
  maxMilliseconds?: number;
  signal?: AbortSignal | undefined;
};

/**
 * Calls `ask` until it gives something other than `undefined` and returns that; `undefined` when the limit passed first.
 * It asks at least once, and once more at the limit. Errors of `ask` are the caller's.
 */
export async function until<T>(ask: () => Promise<T | undefined>, options: UntilOptions): Promise<T | undefined> {
  const { clock, limitSeconds, signal } = options;
  const end = clock.now() + limitSeconds * 1000;
  let pause = options.everyMilliseconds ?? 100;
  const longest = options.maxMilliseconds ?? pause;
  for (;;) {
    signal?.throwIfAborted();
    const last = clock.now() >= end;
    const answer = await ask();
    if (answer !== undefined || last) return answer;
    await clock.sleep(Math.min(pause, Math.max(0, end - clock.now())), signal);
    pause = Math.min(pause * 2, longest);
  }
}
