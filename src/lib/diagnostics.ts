/** Diagnostics as text: one block each, with a code frame where the file's text is at hand. */
import type { Diagnostic, Place } from '../model/diagnostic.ts';
import { makeFrame, printable } from './code-frame.ts';
import { plural } from './names.ts';

type RenderOptions = { color?: boolean };

/** The diagnostics in the order of their places, as blocks of lines; `texts` maps file names to their content. */
export const renderDiagnostics = (
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  { color = false }: RenderOptions = {},
): string => {
  const paint = color ? paintWith : plain;
  return sortDiagnostics(diagnostics)
    .map((diagnostic) => renderOne(diagnostic, texts, paint))
    .join('\n\n');
};

/** `2 errors and 1 warning`; `no problems` for none. */
export const countDiagnostics = (diagnostics: readonly Diagnostic[]): string => {
  const errors = diagnostics.filter(isError).length;
  const warnings = diagnostics.length - errors;
  const parts = [...(errors > 0 ? [plural(errors, 'error')] : []), ...(warnings > 0 ? [plural(warnings, 'warning')] : [])];
  return parts.length > 0 ? parts.join(' and ') : 'no problems';
};

/** True for problems that stop edgelab; warnings do not. */
export const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** By file, line and column; those without a place first; otherwise the given order is kept. */
export const sortDiagnostics = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.toSorted(({ place: a }, { place: b }) => {
    if (!a || !b) return Number(Boolean(a)) - Number(Boolean(b));
    if (a.file !== b.file) return a.file < b.file ? -1 : 1;
    return a.line - b.line || a.column - b.column;
  });

type Paint = (style: keyof typeof styles, text: string) => string;

const styles = { error: '31;1', warning: '33;1', bold: '1', dim: '2', mark: '31' } as const;
const paintWith: Paint = (style, text) => `\u001B[${styles[style]}m${text}\u001B[0m`;
const plain: Paint = (_, text) => text;

const renderOne = (diagnostic: Diagnostic, texts: ReadonlyMap<string, string>, paint: Paint): string => {
  const { code, severity, message, hint, place } = diagnostic;
  const lines = [`${paint(severity, severity)} ${code} ${paint('bold', printable(message))}`];
  if (place) lines.push(`  ${printable(place.file)}:${place.line}:${place.column}`, ...renderFrame(place, texts.get(place.file), paint));
  if (hint !== undefined) lines.push(`  hint: ${printable(hint)}`);
  return lines.join('\n');
};

const renderFrame = (place: Place, text: string | undefined, paint: Paint): string[] => {
  if (text === undefined) return [];
  return makeFrame(text, place).map(({ gutter, line, mark }) => {
    const body = mark ? paint('mark', line) : line;
    return `  ${paint('dim', `${gutter} |`)}${line === '' ? '' : ' '}${body}`;
  });
};
