/** Bounds any piece of work in time and makes it cancellable, also where what it calls does not listen to its signal. */

/**
 * How long work that was told to stop may take before it is left behind, milliseconds. An engine first lets a request
 * that is under way end, so that what it makes is seen by the removal that follows.
 */
const graceMs = 10_000;

/** Work took longer than it may; the message says how long that is. */
export class DeadlinePassed extends Error {
  constructor(seconds: number) {
    super(`not done within ${seconds} s`);
    this.name = 'DeadlinePassed';
  }
}

/**
 * Runs `work` with a signal that aborts when `outer` does or `seconds` have passed.
 * Rejects with DeadlinePassed or with the reason of `outer`, once `work` has settled or its grace is over.
 */
export const withDeadline = async <T>(
  seconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  outer?.throwIfAborted();
  const controller = new AbortController();
  const { promise: abandoned, reject: abandon } = Promise.withResolvers<never>();
  let grace: NodeJS.Timeout | undefined;
  const stop = (reason: unknown): void => {
    if (controller.signal.aborted) return;
    controller.abort(reason);
    grace = setTimeout(() => abandon(reason), graceMs);
  };
  const onOuter = (): void => stop(outer?.reason);
  outer?.addEventListener('abort', onOuter, { once: true });
  const timer = setTimeout(() => stop(new DeadlinePassed(seconds)), seconds * 1000);
  try {
    const result = await Promise.race([work(controller.signal), abandoned]);
    controller.signal.throwIfAborted();
    return result;
  } catch (error) {
    // What work throws because it was told to stop says less than why it was told.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    outer?.removeEventListener('abort', onOuter);
  }
};
