/** The hole-punch grid as one self-contained HTML page. */
import type { GridResult, PunchProtocol } from '../../model/grid.ts';
import { renderDocument } from '../html/document.ts';
import { html, type Html } from '../html/markup.ts';
import { summarizeGrid } from './matrix.ts';

const gridStyle = `
.grid { border-collapse: collapse; font-size: 13px; } .grid th { font-weight: 500; text-align: left; padding: .1rem .6rem .1rem 0; white-space: nowrap; }
.grid thead th { writing-mode: vertical-rl; transform: rotate(180deg); padding: .4rem 0; } .grid td { width: 1.7rem; height: 1.5rem; text-align: center; border: 1px solid var(--line); }
.grid .through { background: color-mix(in srgb, var(--good) 22%, transparent); } .grid .wrong { outline: 2px solid var(--bad); font-weight: 700; }`;

/** The whole page as text, with a table for each protocol. */
export const renderGrid = (grid: GridResult): string => {
  const { cells, matching, mismatches, seconds } = summarizeGrid(grid);
  const protocols = [...new Set(grid.results.map(({ protocol }) => protocol))];
  return renderDocument(
    'edgelab · hole-punch grid',
    html`<h1>
        Hole-punch grid <span class="${mismatches.length === 0 ? 'badge' : 'badge bad'}">${matching} of ${cells} as in theory</span>
      </h1>
      <p class="quiet">
        A real simultaneous open between two hosts, each behind its own NAT, for every pair: ${seconds.toFixed(1)} s. Green is through;
        framed is against theory; a number is milliseconds.
      </p>
      ${protocols.map((protocol) => renderOne(grid, protocol))}`,
    gridStyle,
  );
};

const renderOne = ({ kinds, results }: GridResult, protocol: PunchProtocol): Html => {
  const row = (a: string): Html =>
    html`<tr>
      <th>${a}</th>
      ${kinds.map((b) => renderCell(results.find((one) => one.protocol === protocol && one.a === a && one.b === b)))}
    </tr>`;
  return html`<section>
    <h2>${protocol.toUpperCase()}</h2>
    <table class="grid">
      <thead>
        <tr>
          <th></th>
          ${kinds.map((kind) => html`<th>${kind}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${kinds.map(row)}
      </tbody>
    </table>
  </section>`;
};

const renderCell = (cell: GridResult['results'][number] | undefined): Html => {
  if (!cell) return html`<td></td>`;
  const { a, b, seen, expected, milliseconds } = cell;
  const words = `${seen ? 'through' : 'blocked'}${seen === expected ? '' : ' wrong'}`;
  return html`<td class="${words}" title="${a} with ${b}: ${words}">${seen ? (milliseconds ?? '') : '–'}</td>`;
};
