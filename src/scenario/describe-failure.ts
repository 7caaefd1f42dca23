/** Errors of code that users wrote, as a message with file and line, never as a stack trace. */
import { fileURLToPath } from 'node:url';
import { LabError } from '../lib/lab-error.ts';

/** `boom (mine.ts:7:9)`; LabErrors keep their code and say the command they were about. */
export const describeFailure = (error: unknown, file: string): string => {
  if (error instanceof LabError) {
    const { command, outputTail, hint } = error.details;
    return [
      `${error.code} ${error.message}`,
      ...(command === undefined ? [] : [`command: ${command}`]),
      ...(outputTail === undefined ? [] : [outputTail]),
      ...(hint === undefined ? [] : [`hint: ${hint}`]),
    ].join('\n');
  }
  const place = findPlace(error, file);
  return `${messageOf(error)}${place === undefined ? '' : ` (${place})`}`;
};

/** The error's own words, first line, with its kind unless it is a plain Error. */
export const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const first = error.message.split('\n', 1)[0] ?? '';
  return error.name === 'Error' ? first : `${error.name}: ${first}`;
};

/** `path:line:column` of the innermost frame in the file, or of the first line of a syntax error. */
export const findPlace = (error: unknown, file: string): string | undefined => {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  for (const [, url = '', line = '', column] of error.stack.matchAll(/(file:\/\/[^\s:)]+|\/[^\s:)]+):(\d+)(?::(\d+))?/g)) {
    const path = pathOf(url);
    if (path === file) return `${path}:${line}${column === undefined ? '' : `:${column}`}`;
  }
  return undefined;
};

const pathOf = (url: string): string => (url.startsWith('file:') ? fileURLToPath(url.replace(/\?.*$/, '')) : url);
