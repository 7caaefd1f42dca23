/** A grid of labs as one self-contained HTML page: what is installed as rows, NATs as columns. */
import type { LabCell, LabGrid } from '../../model/lab-grid.ts';
import { renderDocument } from '../html/document.ts';
import { html, type Html } from '../html/markup.ts';
import { formatSeconds } from '../text.ts';
import { summarizeLabGrid } from './terminal.ts';
import { titleOf } from './title.ts';

const gridStyle = `
.labs { border-collapse: collapse; font-size: 13px; } .labs th { text-align: left; font-weight: 500; padding: .3rem .8rem .3rem 0; vertical-align: top; }
.labs td { border: 1px solid var(--line); padding: .3rem .6rem; vertical-align: top; min-width: 9rem; }
.labs .passed, .labs .fixed { background: color-mix(in srgb, var(--good) 18%, transparent); } .labs .known { background: color-mix(in srgb, var(--chain) 25%, transparent); color: inherit; }
.labs .failed { background: color-mix(in srgb, var(--bad) 25%, transparent); } .labs .skipped { color: var(--quiet); } .labs code { font-size: 11px; }`;

/** The whole page as text; a failed cell shows the command that runs it alone. */
export const renderLabGrid = (grid: LabGrid): string => {
  const { cells, passed, failed, known, fixed, skipped, seconds } = summarizeLabGrid(grid);
  const nats = [...new Set(grid.cells.map(({ nat }) => nat))];
  const rows = [...Map.groupBy(grid.cells, titleOf)];
  return renderDocument(
    `edgelab · ${grid.title}`,
    html`<h1>
        ${grid.title} <span class="${failed === 0 ? 'badge' : 'badge bad'}">${passed + fixed} of ${cells - skipped} as expected</span>
      </h1>
      <p class="quiet">
        ${failed} failed, ${known} known failures, ${fixed} fixed, ${skipped} skipped; ${formatSeconds(seconds)}. In each lab all NATs are
        of the column's kind, measured before the scenario ran.
      </p>
      <section>
        <table class="labs">
          <thead>
            <tr>
              <th></th>
              ${nats.map((nat) => html`<th>${nat}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ([title, group]) =>
                html`<tr>
                  <th>${title}</th>
                  ${nats.map((nat) => renderCell(group.find((cell) => cell.nat === nat)))}
                </tr>`,
            )}
          </tbody>
        </table>
      </section>`,
    gridStyle,
  );
};

const renderCell = (cell: LabCell | undefined): Html => {
  if (!cell) return html`<td></td>`;
  const { standing, ok, total, ways, notes, seconds, rerun } = cell;
  const result = standing === 'skipped' ? 'skipped' : `${standing}, ${ok} of ${total}, ${formatSeconds(seconds)}`;
  return html`<td class="${standing}">
    <b>${result}</b>
    ${ways.map((way) => html`<br />${way}`)} ${notes.map((note) => html`<br /><span class="quiet">${note}</span>`)}
    ${standing === 'failed' ? html`<br /><code>${rerun}</code>` : undefined}
  </td>`;
};
