/** An error that happened while doing something, as data: what a LabError carries and events pass on. */

/** What is known of a failure beyond its message, for people; what is not known is absent. */
export type FailureDetails = {
  /** Step or operation that failed, for people. */
  step?: string;
  /** What was waited for, and for how long (seconds). */
  condition?: string;
  limitSeconds?: number;
  /** The last thing seen before giving up. */
  lastObservation?: string;
  /** Command line as it was run, secrets left out. */
  command?: string;
  /** Last lines of its output. */
  outputTail?: string;
  /** What was left behind and the command that cleans it. */
  left?: string;
  cleanup?: string;
  hint?: string;
};

/** `code` is one of lib/error-codes.ts. */
export type Failure = { code: string; message: string; details: FailureDetails };
