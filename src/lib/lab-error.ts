/** An error that happened while doing something: everything a person needs to see what failed, why, and what is left. */
import type { FailureDetails } from '../model/failure.ts';
import type { ErrorCode } from './error-codes.ts';

type LabErrorDetails = FailureDetails;

/** `message` is one line for people, the culprit in quotes; the code decides how the command line exits. */
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
