/** A problem in something the user wrote: always with a permanent code, where possible with a place and a hint. */

/** Position in a file; line and column count from 1, length in characters. */
export type Place = { file: string; line: number; column: number; length: number };

/** One problem. All that a text has are collected, so a user sees them at once. */
export type Diagnostic = {
  /** Permanent code from the catalogue in lib/error-codes.ts, e.g. `TOPO014`. */
  code: string;
  severity: 'error' | 'warning';
  /** What is wrong, the culprit in double quotes. */
  message: string;
  /** What to do about it. */
  hint?: string;
  place?: Place;
};
