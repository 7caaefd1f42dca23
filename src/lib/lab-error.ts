/** An error that happened while doing something: everything a person needs to see what failed, why, and what is left. */
import type { ErrorCode } from './error-codes.ts';

export type LabErrorDetails = {
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

export class LabError extends Error {
  readonly code: ErrorCode;
  readonly details: LabErrorDetails;

  constructor(code: ErrorCode, message: string, details: LabErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabError';
    this.code = code;
    this.details = details;
  }
}
