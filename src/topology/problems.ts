/** Collecting what is wrong with one topology file, each problem with its place. */
import type { Path, SourceDocument } from '../lib/document.ts';
import type { ErrorCode } from '../lib/error-codes.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

/** What every check reports to. `path` leads to the value to blame. */
export type Problems = {
  error(code: ErrorCode, path: Path, message: string, hint?: string): void;
  /** As error, but points at the key at the end of the path: for names, unknown keys, and parents of missing ones. */
  errorAtKey(code: ErrorCode, path: Path, message: string, hint?: string): void;
  warning(code: ErrorCode, path: Path, message: string, hint?: string): void;
  /** `line 12`, to mention another place in a message. */
  line(path: Path): string;
  /** A plain value as written, `1.30` and not 1.3; undefined where there is none. */
  written(path: Path): string | undefined;
  readonly found: readonly Diagnostic[];
};

/** `found` is in the order of the checks, not of the file. Nothing is ever thrown. */
export const collectProblems = (document: SourceDocument): Problems => {
  const found: Diagnostic[] = [];
  const add = (severity: Diagnostic['severity'], place: Diagnostic['place']) => (code: ErrorCode, message: string, hint?: string) => {
    found.push({ code, severity, message, ...(hint === undefined ? {} : { hint }), ...(place ? { place } : {}) });
  };
  return {
    found,
    error: (code, path, message, hint) => add('error', document.valuePlace(path))(code, message, hint),
    errorAtKey: (code, path, message, hint) => add('error', document.keyPlace(path))(code, message, hint),
    warning: (code, path, message, hint) => add('warning', document.valuePlace(path))(code, message, hint),
    written: (path) => document.sourceText(path),
    line: (path) => `line ${document.keyPlace(path).line}`,
  };
};

/** A culprit in double quotes, cut where a file holds something absurdly long. */
export const quote = (text: string): string => `"${text.length > 80 ? `${text.slice(0, 79)}…` : text}"`;
