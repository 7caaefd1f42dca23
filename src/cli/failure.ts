/** Turns whatever a command threw into a message, a JSON form and an exit code. */
import { countDiagnostics, isError, renderDiagnostics } from '../lib/diagnostics.ts';
import { errorCodes, exitCodes } from '../lib/error-codes.ts';
import { LabError } from '../lib/lab-error.ts';
import { messageOf } from '../lib/message-of.ts';
import { BadInput } from './bad-input.ts';

/** How a command ends that threw. */
type Failure = {
  exitCode: number;
  /** For stderr. */
  text: string;
  /** For stdout with --json. */
  json: object;
};

type Looks = { color: boolean; debug: boolean };

/** What is neither BadInput nor a LabError is a bug of edgelab: BUG001. Stack traces are shown with `debug` only. */
export const explainFailure = (error: unknown, looks: Looks): Failure => {
  if (error instanceof BadInput) return explainBadInput(error, looks);
  if (error instanceof LabError && error.code === 'INT001') return explainInterrupt(error);
  if (error instanceof LabError) return explainLabError(error, looks);
  return explainBug(error, looks);
};

const explainBadInput = ({ diagnostics, texts, stack }: BadInput, { color, debug }: Looks): Failure => {
  const counted = diagnostics.some(({ place }) => place) ? `\n\n${countDiagnostics(diagnostics)}. Nothing was started.` : '';
  return {
    exitCode: diagnostics.some(isError) ? exitCodes.badInput : exitCodes.good,
    text: `${renderDiagnostics(diagnostics, texts, { color })}${counted}${debug ? `\n${stack ?? ''}` : ''}`,
    json: { ok: false, diagnostics },
  };
};

/** The user knows that it was interrupted; what is left is the news. */
const explainInterrupt = ({ code, message, details }: LabError): Failure => ({
  exitCode: errorCodes[code].exit,
  text: `interrupted. Left: ${details.left ?? 'nothing'}`,
  json: { ok: false, error: { code, message, ...details } },
});

const explainLabError = (error: LabError, { color, debug }: Looks): Failure => {
  const { step, condition, limitSeconds, lastObservation, command, outputTail, left, cleanup, hint } = error.details;
  const all: [string, string | undefined][] = [
    ['step', step],
    ['waited for', condition === undefined || limitSeconds === undefined ? condition : `${condition}, up to ${limitSeconds} s`],
    ['last seen', lastObservation],
    ['command', command],
    ['output', outputTail?.trimEnd()],
    ['left', left],
    ['clean up', cleanup === undefined ? undefined : `./${cleanup.replace(/^\.\//, '')}`],
    ['hint', hint],
  ];
  const rows = all.flatMap(([title, value]) => (value === undefined || value === '' ? [] : [[`${title}:`, value] as const]));
  const width = Math.max(...rows.map(([title]) => title.length)) + 1;
  const lines = rows.map(([title, value]) => `  ${title.padEnd(width)}${value.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`);
  return {
    exitCode: errorCodes[error.code].exit,
    text: [`${paintError(color)} ${error.code} ${error.message}`, ...lines, ...(debug ? [error.stack ?? '', causeOf(error)] : [])].join(
      '\n',
    ),
    json: { ok: false, error: { code: error.code, message: error.message, ...error.details } },
  };
};

/** Nothing a user did should lead here. */
const explainBug = (error: unknown, { color, debug }: Looks): Failure => {
  const message = messageOf(error);
  const firstLine = message.split('\n', 1)[0] ?? '';
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const lines = [
    `${paintError(color)} BUG001 this is a bug in edgelab: ${firstLine}`,
    debug ? stack : '  hint: call the same command with --debug for the stack trace, and report it please',
    ...(debug && error instanceof Error ? [causeOf(error)] : []),
  ];
  return {
    exitCode: errorCodes.BUG001.exit,
    text: lines.join('\n'),
    json: { ok: false, error: { code: 'BUG001', message: firstLine, ...(debug && { stack }) } },
  };
};

const paintError = (color: boolean): string => (color ? '\u001B[31;1merror\u001B[0m' : 'error');

const causeOf = ({ cause }: Error): string =>
  cause instanceof Error ? `caused by: ${cause.stack ?? cause.message}` : typeof cause === 'string' ? `caused by: ${cause}` : '';
