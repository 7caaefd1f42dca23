/** A grid of labs for a terminal: a line per cell, by what is installed. */
import type { LabCell, LabGrid } from '../../model/lab-grid.ts';
import { formatRoughly, makePaint, oneLine, padEnd, type Paint, truncate } from '../text.ts';
import { drawCompatibility } from './compatibility.ts';
import { looks } from './looks.ts';
import { titleOf } from './title.ts';

/** `cells` is how many there are; counts of them by standing. */
export const summarizeLabGrid = ({ cells, seconds }: LabGrid) => {
  const count = (standing: LabCell['standing']): number => cells.filter((cell) => cell.standing === standing).length;
  const counts = {
    passed: count('passed'),
    failed: count('failed'),
    known: count('known'),
    fixed: count('fixed'),
    skipped: count('skipped'),
  };
  return { cells: cells.length, ...counts, seconds };
};

/**
 * Cells grouped by scenario and versions, the versions at a glance where they differ, and the counts; no line end after it. Notes
 * are cut at `columns`.
 */
export const drawLabGrid = (grid: LabGrid, { color, columns }: { color: boolean; columns: number }): string => {
  const paint = makePaint(color);
  const width = Math.max(...grid.cells.map(({ nat }) => nat.length), 0);
  const { cells, seconds, ...counts } = summarizeLabGrid(grid);
  const groups = [...Map.groupBy(grid.cells, titleOf)].flatMap(([title, group]) => [
    paint.bold(title),
    ...group.flatMap((cell) => drawCell(cell, width, paint, columns)),
    '',
  ]);
  const words = Object.entries(counts).flatMap(([standing, count]) => {
    const { color: kind, word } = looks[standing as LabCell['standing']];
    return count === 0 ? [] : [paint[kind](`${count} ${word}`)];
  });
  return [...groups, ...drawCompatibility(grid.cells, paint), `${cells} cells: ${words.join(', ')} (${formatRoughly(seconds)})`].join('\n');
};

const drawCell = (
  { standing, nat, ok, total, ways, notes, seconds, rerun }: LabCell,
  width: number,
  paint: Paint,
  columns: number,
): string[] => {
  const { mark, color } = looks[standing];
  const margin = ' '.repeat(width + 6);
  const rest = standing === 'skipped' ? (notes[0] ?? '') : [`${ok} of ${total}`, ...ways, formatRoughly(seconds)].join(' · ');
  const more = standing === 'skipped' ? [] : [...notes, ...(standing === 'failed' ? [`rerun: ${rerun}`] : [])];
  return [
    `  ${paint[color](mark)} ${padEnd(nat, width)}  ${oneLine(rest)}`,
    ...more.map((note) => margin + paint.dim(truncate(oneLine(note), columns - margin.length))),
  ];
};
