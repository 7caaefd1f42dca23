/** The hole-punch grid for a terminal: one matrix per protocol, kinds as rows, letters as columns. */
import type { GridResult, PunchProtocol, PunchResult } from '../../model/grid.ts';

/** How signs and lines are coloured: `good` what succeeded, `bad` what is against expectation, `quiet` the rest. */
export type GridPaint = { good: (text: string) => string; bad: (text: string) => string; quiet: (text: string) => string };

/** `+` got through, `-` did not; `P` and `N` are the same against theory. */
const signOf = ({ seen, expected }: PunchResult): string => (seen === expected ? (seen ? '+' : '-') : seen ? 'P' : 'N');

/** Cells in all, those whose trial was as theory has it, and the others one by one. */
export const summarizeGrid = ({ results, seconds }: GridResult) => {
  const mismatches = results.filter(({ seen, expected }) => seen !== expected);
  return { cells: results.length, matching: results.length - mismatches.length, mismatches, seconds };
};

/** A matrix for each protocol, the legend, a line for each cell against theory, and the count; no line end after it. */
export const drawMatrix = (grid: GridResult, paint: GridPaint): string => {
  const protocols = [...new Set(grid.results.map(({ protocol }) => protocol))];
  const { cells, matching, mismatches, seconds } = summarizeGrid(grid);
  return [
    ...protocols.flatMap((protocol) => [...drawOne(grid, protocol, paint), '']),
    paint.quiet('+ through, - not through; P through against theory, N not through against theory'),
    ...mismatches.map(({ a, b, protocol, expected }) =>
      paint.bad(
        `${a} with ${b} over ${protocol.toUpperCase()}: theory says ${expected ? 'through' : 'not through'}, the trial the opposite`,
      ),
    ),
    `${matching} of ${cells} cells as theory has them (${seconds.toFixed(1)} s)`,
  ].join('\n');
};

const drawOne = ({ kinds, results }: GridResult, protocol: PunchProtocol, { good, bad, quiet }: GridPaint): string[] => {
  const width = Math.max(...kinds.map((kind) => kind.length)) + 2;
  const letter = (index: number): string => String.fromCharCode(65 + (index % 26));
  const painted = { '+': good, '-': quiet, P: bad, N: bad } as Record<string, (text: string) => string>;
  return [
    `${protocol.toUpperCase().padEnd(width + 2)}${kinds.map((_, index) => letter(index)).join(' ')}`,
    ...kinds.flatMap((kind, row) => {
      const cells = kinds.map((other) => results.find((one) => one.protocol === protocol && one.a === kind && one.b === other));
      if (cells.every((cell) => cell === undefined)) return [];
      const signs = cells.map((cell) => (cell ? painted[signOf(cell)]!(signOf(cell)) : ' '));
      return [`${letter(row)} ${kind.padEnd(width)}${signs.join(' ')}`.trimEnd()];
    }),
  ];
};
