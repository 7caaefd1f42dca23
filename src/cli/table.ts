/** Aligned columns and the few colours of the command line. */
import { stripVTControlCharacters, styleText } from 'node:util';

/** Styles are those of `styleText` in node:util. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** Without `color` texts stay as they are. */
export const makePaint = (color: boolean): Paint =>
  color ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;

/** Rows as lines with aligned columns, each line indented; the last column may be of any length. */
export const layTable = (rows: readonly (readonly string[])[], indent = 2): string => {
  const widths: number[] = [];
  for (const row of rows) row.slice(0, -1).forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, width(cell))));
  return rows
    .map(
      (row) =>
        ' '.repeat(indent) +
        row.map((cell, column) => (column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - width(cell)))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
};

const width = (text: string): number => stripVTControlCharacters(text).length;

/** For matrices: what is as it should be, what is not, and what matters less. */
export const gridPaint = (color: boolean) => {
  const paint = makePaint(color);
  return {
    good: (text: string) => paint('green', text),
    bad: (text: string) => paint('red', text),
    quiet: (text: string) => paint('dim', text),
  };
};
