/** Lets an interrupt end code that does not listen to its signal. */

/** How long such code may take to end by itself, milliseconds: probes first put their captures away. */
const graceMilliseconds = 3000;

/** As `work`, but rejects with the signal's reason once it aborted and the grace is over. */
export const orAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    timer = setTimeout(() => reject(signal.reason as Error), graceMilliseconds);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
};
