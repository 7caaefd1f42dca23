/** An error that happened while doing something: everything a person needs to see what failed, why, and what is left. */
import type { FailureDetails } from '../model/failure.ts';
import type { ErrorCode } from './error-codes.ts';

export type LabErrorDetails = FailureDetails;

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
