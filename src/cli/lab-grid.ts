/** Runs scenarios in labs that differ in versions and NATs: one lab per set of versions, its routers swapped from cell to cell. */
import type { Engine } from '../engine/engine.ts';
import { describeKnown, standingOf } from '../lib/standing.ts';
import type { Check } from '../model/check.ts';
import type { LabCell } from '../model/lab-grid.ts';
import { bringUp } from './bring-up.ts';
import type { Cli } from './cli.ts';
import { findLack } from './prepare-images.ts';
import type { Report } from './reporting.ts';
import type { Job } from './scenario-job.ts';
import type { LoadedTopology } from './topology-file.ts';
import { loadVariant } from './variant.ts';

/** A lab, and the NATs it is tried with. */
export type GridRow = { job: Job; name: string; versions: Record<string, string>; nats: readonly string[] };

export type GridTools = { report: Report; engine: Engine; keep: boolean; folder: string; rerun: (row: GridRow, nat: string) => string };

/** Agents and nodes get that long to find their way through other routers before the scenario begins. */
const settleSeconds = 60;

export const runRow = async (cli: Cli, row: GridRow, tools: GridTools): Promise<LabCell[]> => {
  const { job, name, versions, nats } = row;
  const { report, engine, keep } = tools;
  const variant = (nat: string): Promise<LoadedTopology> => loadVariant(job.topology.file, { name, nat, versions });
  const [first = ''] = nats;
  const base = await variant(first);
  const lack = await findLack(cli, base.plan, report.emit);
  if (lack !== undefined) return nats.map((nat) => emptyCell(row, nat, tools, 'skipped', [lack]));
  let fresh: boolean;
  try {
    fresh = !(await bringUp(cli, base, { report, engine, keep })).reused;
  } catch (error) {
    cli.signal.throwIfAborted();
    return nats.map((nat) => emptyCell(row, nat, tools, 'failed', [`the lab did not come up: ${wordsOf(error)}`]));
  }
  const cells: LabCell[] = [];
  try {
    for (const nat of nats) {
      cells.push(await runCell(cli, row, { nat, topology: await variant(nat), swap: !fresh }, tools));
      fresh = false;
    }
  } finally {
    if (!keep) {
      const { down } = await import('../run/run.ts');
      await down({ lab: base.lab.name, engine, emit: report.emit, now: cli.now });
    }
  }
  return cells;
};

type Turn = { nat: string; topology: LoadedTopology; swap: boolean };

const runCell = async (cli: Cli, row: GridRow, { nat, topology, swap }: Turn, tools: GridTools): Promise<LabCell> => {
  const { engine, report, folder } = tools;
  const { lab, plan } = topology;
  const { scenario, file } = row.job;
  const { swapRouters } = await import('../run/run.ts');
  const { runScenario } = await import('../scenario/runner.ts');
  const { describeWays } = await import('../report/report.ts');
  const began = cli.now();
  const say = (text: string): void => report.emit({ at: cli.now(), type: 'notice', level: 'info', text });
  try {
    if (swap) {
      say(`${lab.name}: every NAT becomes ${nat}`);
      const unwell = await swapRouters({ engine, plan, signal: cli.signal, settleSeconds });
      say(`${lab.name}: measured, ${nat}${unwell === undefined ? '' : `; ${unwell}`}`);
    }
    const { verdict, checks } = await runScenario({
      scenario,
      file,
      lab,
      plan,
      engine,
      emit: report.emit,
      signal: cli.signal,
      now: cli.now,
      folder,
    });
    const fixed = checks.some((check) => standingOf(check) === 'fixed');
    return {
      ...emptyCell(row, nat, tools, verdict === 'passed' && fixed ? 'fixed' : verdict, listNotes(checks)),
      ok: checks.filter(({ ok }) => ok).length,
      total: checks.length,
      ways: describeWays(lab, checks),
      seconds: (cli.now() - began) / 1000,
    };
  } catch (error) {
    cli.signal.throwIfAborted();
    return { ...emptyCell(row, nat, tools, 'failed', [wordsOf(error)]), seconds: (cli.now() - began) / 1000 };
  }
};

/** What did not hold, new failures first, and what is known of it, each once. */
const listNotes = (checks: readonly Check[]): string[] => {
  const failed = checks.filter((check) => standingOf(check) === 'failed');
  const known = checks.flatMap((check) =>
    check.known === undefined ? [] : [`${check.ok ? 'fixed, was known' : 'known'}: ${describeKnown(check.known)}`],
  );
  const shown = failed
    .slice(0, 5)
    .map(({ from, to, expected, observed, how }) => `${from} to ${to}: expected ${expected}, observed ${observed}; ${how}`);
  return [...shown, ...(failed.length > 5 ? [`and ${failed.length - 5} more`] : []), ...new Set(known)];
};

const emptyCell = (row: GridRow, nat: string, { rerun }: GridTools, standing: LabCell['standing'], notes: string[]): LabCell => ({
  ...{
    scenario: row.job.file.replace(/^.*\/|\.ts$/g, ''),
    versions: row.versions,
    nat,
    standing,
    ok: 0,
    total: 0,
    ways: [],
    notes,
    seconds: 0,
  },
  rerun: rerun(row, nat),
});

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
