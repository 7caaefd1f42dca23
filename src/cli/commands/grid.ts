/** `edgelab grid`, and of its grids `grid nat`: a real hole punch between hosts behind every pair of NAT kinds, compared with theory. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { suggest } from '../../lib/names.ts';
import type { GridResult, PunchProtocol } from '../../model/grid.ts';
import type { GridSelection } from '../../nat/nat.ts';
import { badInput } from '../bad-input.ts';
import { note, print, printJson, wantsColor, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { addLabGrids } from './grid-labs.ts';
import { runJob } from '../run-job.ts';
import { gridPaint } from '../table.ts';
import { withUserFile } from '../user-file.ts';

type Options = Shared & { only?: string; html?: string };

/** Exit code of `grid nat`: 1 where a cell is against theory. */
export const addGrid = (program: Command, cli: Cli): void => {
  const grid = program.command('grid').description('try every one, or every pair, of a kind');
  shareOptions(grid.command('nat').description('punch a hole between hosts behind every pair of NATs, over UDP and TCP'))
    .option('--only <cell>', 'one cell: two kinds or presets and, if you like, udp or tcp, e.g. full-cone,symmetric,udp')
    .option('--html <file>', 'write a page as well')
    .action(act<Options, []>(cli, (options) => gridNat(cli, options)));
  addLabGrids(grid, cli);
};

const gridNat = async (cli: Cli, options: Options): Promise<number> => {
  const { makeGrid, readGrid } = await import('../../nat/nat.ts');
  const grid = makeGrid(await select(options.only));
  if (options.json !== true) note(cli, `${grid.cells.length} cells, ${grid.kinds.length} kinds of NAT …`);
  const startedAt = cli.now();
  const output = await runJob(cli, grid, { prefix: 'nat-grid', what: 'the hole-punch grid', code: 'GRID001' });
  const result: GridResult = { kinds: grid.kinds, results: readGrid(grid, output), seconds: (cli.now() - startedAt) / 1000 };
  return show(cli, options, result);
};

/** Everything, or the one cell that was asked for. */
const select = async (only: string | undefined): Promise<GridSelection> => {
  const { findGridKind, gridKinds, gridWords } = await import('../../nat/nat.ts');
  const both: PunchProtocol[] = ['udp', 'tcp'];
  if (only === undefined) return { kinds: gridKinds, protocols: both, one: false };
  const words = only.split(',').map((word) => word.trim());
  const protocols = both.filter((protocol) => words.includes(protocol));
  const names = words.filter((word) => !both.some((protocol) => protocol === word));
  const kinds = names.map((name) => {
    const kind = findGridKind(name);
    if (kind) return kind;
    throw badInput('CLI001', `there is no NAT kind "${name}"`, `${suggest(name, gridWords())}there are: ${gridWords().join(', ')}`);
  });
  if (kinds.length !== 2)
    throw badInput('CLI001', `--only ${only} does not name one cell`, 'two kinds, e.g. --only full-cone,symmetric,udp');
  return { kinds, protocols: protocols.length > 0 ? protocols : both, one: true };
};

const show = async (cli: Cli, options: Options, result: GridResult): Promise<number> => {
  const { drawMatrix, renderGrid, summarizeGrid } = await import('../../report/report.ts');
  const summary = summarizeGrid(result);
  const { html } = options;
  if (html !== undefined) await withUserFile(html, () => writeFile(resolve(cli.cwd, html), renderGrid(result)));
  if (options.json === true) printJson(cli, { kinds: result.kinds, results: result.results, ...summary });
  else print(cli, drawMatrix(result, gridPaint(wantsColor(cli, cli.stdout, options))));
  return summary.mismatches.length === 0 ? 0 : 1;
};
