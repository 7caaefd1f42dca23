/** Lays rows of text cells into aligned columns that fit a terminal. */
import { widthOf } from '../lib/width.ts';
import { wrap } from './text.ts';

/** One column of a table. */
export type Column = {
  title: string;
  /** Wider cells are wrapped. Infinity: as wide as its widest cell. */
  most: number;
};

const gap = '  ';

/** Width of each column: that of its widest cell or title, but at most `most`. */
export const measureColumns = (columns: readonly Column[], rows: readonly (readonly string[])[]): number[] =>
  columns.map(({ title, most }, index) => Math.min(most, Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? '')))));

/** Columns all of these take on a line, gaps included. */
export const totalWidth = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1);

/** The lines one row takes: cells are wrapped to their widths, at most `lines` lines each, and painted after that. */
export const layRow = (
  cells: readonly string[],
  widths: readonly number[],
  { lines = 3, paint = [] }: { lines?: number; paint?: readonly (((text: string) => string) | undefined)[] } = {},
): string[] => {
  const wrapped = cells.map((cell, index) => wrap(cell, widths[index] ?? Infinity, lines));
  const height = Math.max(...wrapped.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((cell, index) => {
        const text = cell[line] ?? '';
        // Only the text is painted, so that what is cut off at the end of the line is blank.
        return (text === '' ? text : (paint[index] ?? String)(text)) + ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)));
      })
      .join(gap)
      .trimEnd(),
  );
};
