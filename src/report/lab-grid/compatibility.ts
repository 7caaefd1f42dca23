/** A grid of versions at a glance: a line per set of versions, a mark per NAT. */
import type { LabCell } from '../../model/lab-grid.ts';
import { layRow, measureColumns } from '../columns.ts';
import type { Paint } from '../text.ts';
import { looks } from './looks.ts';
import { titleOf } from './title.ts';

/** Nothing where all cells are of the same versions. */
export const drawCompatibility = (cells: readonly LabCell[], paint: Paint): string[] => {
  if (new Set(cells.map(({ versions }) => JSON.stringify(versions))).size < 2) return [];
  const components = [...new Set(cells.flatMap(({ versions }) => Object.keys(versions)))];
  const nats = [...new Set(cells.map(({ nat }) => nat))];
  const titles = ['scenario', ...components, ...nats];
  const columns = titles.map((title) => ({ title, most: Infinity }));
  const rows = [...Map.groupBy(cells, titleOf).values()].map((group) => {
    const [{ scenario, versions }] = group as [LabCell];
    const standings = nats.map((nat) => group.find((cell) => cell.nat === nat)?.standing);
    return {
      texts: [
        scenario,
        ...components.map((component) => versions[component] ?? ''),
        ...standings.map((one) => (one ? looks[one].mark : '')),
      ],
      paint: [undefined, ...components.map(() => undefined), ...standings.map((one) => one && paint[looks[one].color])],
    };
  });
  const widths = measureColumns(
    columns,
    rows.map(({ texts }) => texts),
  );
  const lines = [...layRow(titles, widths).map(paint.dim), ...rows.flatMap((row) => layRow(row.texts, widths, { paint: row.paint }))];
  return [...lines.map((line) => `  ${line}`), ''];
};
