/** `edgelab grid tunnels` and `edgelab grid versions`: tunnel scenarios in many labs, and by which way each went. */
import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCodes } from '../../lib/error-codes.ts';
import { quoteWord } from '../../lib/quote.ts';
import { suggest } from '../../lib/names.ts';
import { combineVersions, versions } from '../../lib/versions.ts';
import type { LabCell, LabGrid } from '../../model/lab-grid.ts';
import { badInput } from '../bad-input.ts';
import { note, print, printJson, wantsColor, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { runRow, type GridRow } from '../lab-grid.ts';
import { openReport, runFolder } from '../reporting.ts';
import { loadJob, type Job } from '../scenario-job.ts';
import { withUserFile } from '../user-file.ts';

type Options = Shared & { scenario: string; nat: string; only?: string; html?: string; keep?: boolean };
type Kind = 'tunnels' | 'versions';

const scenarios = 'question-2,fabedge';

/** What all NATs of a lab become in turn. */
const usualNats: Record<Kind, string> = {
  tunnels: 'full-cone,port-restricted,symmetric,masquerade,udp-blocked',
  versions: 'port-restricted,symmetric',
};

/** `grid` is the command they are added to. Exit code 1 where a cell failed. */
export const addLabGrids = (grid: Command, cli: Cli): void => {
  const add = (kind: Kind, description: string): void => {
    shareOptions(grid.command(kind).description(description))
      .option('--scenario <names>', 'scenarios to run', scenarios)
      .option('--nat <presets>', 'what all NATs of a lab become in turn', usualNats[kind])
      .option('--only <words>', 'the cells with these words only: scenario, NAT, versions, e.g. fabedge,symmetric')
      .option('--html <file>', 'write a page as well')
      .option('--keep', 'leave the last lab as it is')
      .action(act<Options, []>(cli, (options) => gridLabs(cli, kind, options)));
  };
  add('tunnels', 'run each tunnel scenario behind several kinds of NAT');
  add('versions', 'run scenarios with every version of every component there is');
};

const gridLabs = async (cli: Cli, kind: Kind, options: Options): Promise<number> => {
  const rows = selectCells(await listRows(cli, kind, options), options.only);
  const engine = await cli.connect();
  const folder = runFolder(cli, `grid-${kind}`);
  const drawLab = (): Promise<string> => Promise.resolve('');
  const report = await openReport(cli, { ...options, json: false }, { path: folder, drawLab, partial: true, results: false });
  const startedAt = cli.now();
  const count = rows.reduce((sum, { nats }) => sum + nats.length, 0);
  if (options.json !== true) note(cli, `cells: ${count}, in labs: ${rows.length}, one after another …`);
  const cells: LabCell[] = [];
  await report.closeAfter(async () => {
    for (const row of rows)
      cells.push(...(await runRow(cli, row, { report, engine, folder, keep: options.keep === true, rerun: rerunOf(kind) })));
  });
  return show(cli, options, { title: titles[kind], cells, seconds: (cli.now() - startedAt) / 1000 });
};

/** The command for one cell, with what is not the default. */
const rerunOf =
  (kind: Kind) =>
  ({ job, versions: chosen }: GridRow, nat: string): string => {
    const words = [nameOf(job), ...(kind === 'versions' ? Object.values(chosen) : []), nat];
    return [
      `./edgelab grid ${kind}`,
      ...(scenarios.split(',').includes(job.called) ? [] : [`--scenario ${quoteWord(job.called)}`]),
      ...(usualNats[kind].split(',').includes(nat) ? [] : [`--nat ${nat}`]),
      `--only ${words.join(',')}`,
    ].join(' ');
  };

const titles: Record<Kind, string> = { tunnels: 'Tunnels behind NATs', versions: 'Versions' };

const nameOf = ({ file }: Job): string => basename(file).replace(/\.\w+$/, '');

const listRows = async (cli: Cli, kind: Kind, { scenario, nat }: Options): Promise<GridRow[]> => {
  const { findNatPreset, natPresets } = await import('../../nat/nat.ts');
  const nats = wordsOf(nat).map((word) => {
    const preset = findNatPreset(word);
    if (preset) return preset.name;
    const names = natPresets.map(({ name }) => name);
    throw badInput('TOPO014', `there is no NAT preset "${word}"`, `${suggest(word, names)}presets: ${names.join(', ')}`);
  });
  const jobs: Job[] = [];
  for (const name of wordsOf(scenario)) jobs.push(await loadJob(cli, name));
  return jobs.flatMap((job) => {
    const { install, name } = job.topology.lab;
    const components = ['kubernetes', 'kubeedge', 'edgemesh', 'fabedge'] as const;
    const installed = components.flatMap((component) => {
      const own = install[component];
      return own === undefined ? [] : [{ component, versions: kind === 'versions' ? [...versions[component]] : [own.version] }];
    });
    return combineVersions(installed).map((combination) => ({ job, name: `${name}-grid`.slice(0, 40), versions: combination, nats }));
  });
};

/** Rows with the cells that all words of `--only` fit; without it all. */
const selectCells = (rows: readonly GridRow[], only: string | undefined): GridRow[] => {
  if (only === undefined) return [...rows];
  const words = wordsOf(only);
  const wordsOfCell = ({ job, versions }: GridRow, nat: string): string[] => [nameOf(job), nat, ...Object.values(versions)];
  const chosen = rows.flatMap((row) => {
    const nats = row.nats.filter((nat) => words.every((word) => wordsOfCell(row, nat).includes(word)));
    return nats.length === 0 ? [] : [{ ...row, nats }];
  });
  if (chosen.length > 0) return chosen;
  const known = [...new Set(rows.flatMap((row) => row.nats.flatMap((nat) => wordsOfCell(row, nat))))];
  throw badInput('CLI001', `no cell is ${words.join(' and ')}`, `words of cells: ${known.join(', ')}`);
};

const wordsOf = (list: string): string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

const show = async (cli: Cli, options: Options, result: LabGrid): Promise<number> => {
  const { drawLabGrid, renderLabGrid, summarizeLabGrid } = await import('../../report/report.ts');
  const summary = summarizeLabGrid(result);
  const { html } = options;
  if (html !== undefined) await withUserFile(html, () => writeFile(resolve(cli.cwd, html), renderLabGrid(result)));
  if (options.json === true) printJson(cli, { ...summary, cells: result.cells, count: result.cells.length });
  else print(cli, drawLabGrid(result, { color: wantsColor(cli, cli.stdout, options), columns: cli.stdout.columns ?? Infinity }));
  return summary.failed === 0 ? exitCodes.good : exitCodes.assertionFailed;
};
