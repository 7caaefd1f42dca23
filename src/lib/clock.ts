/** Time as an argument: code that waits takes a `Clock`, so tests decide how time passes. */

/** What tells the time and lets it pass. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason as soon as it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
};
