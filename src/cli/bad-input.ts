/** Problems in what the user wrote, on their way from where they were found to where they are printed. */
import type { Diagnostic } from '../model/diagnostic.ts';

/** What a user can mend: it ends the command with exit code 2, or 0 where all are warnings. */
export class BadInput extends Error {
  readonly diagnostics: readonly Diagnostic[];
  /** File name as in the diagnostics' places → its text, for code frames. */
  readonly texts: ReadonlyMap<string, string>;

  constructor(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string> = new Map()) {
    super(diagnostics.map(({ message }) => message).join('; '));
    this.name = 'BadInput';
    this.diagnostics = diagnostics;
    this.texts = texts;
  }
}

/** A single problem without a place in a file. */
export const badInput = (code: Diagnostic['code'], message: string, hint?: string): BadInput =>
  new BadInput([{ code, severity: 'error', message, ...(hint !== undefined && { hint }) }]);
