/** Runs scenarios in labs that differ in versions and NATs: one lab per set of versions, its routers swapped from cell to cell. */
import type { Engine } from '../engine/engine.ts';
import { LabError } from '../lib/lab-error.ts';
import { messageOf } from '../lib/message-of.ts';
import type { LabCell } from '../model/lab-grid.ts';
import { bringUp } from './bring-up.ts';
import type { Cli } from './cli.ts';
import { findLack } from './find-lack.ts';
import { inDoubt, judgeCell } from './judge-cell.ts';
import { wantsRoom } from './make-room.ts';
import type { Report } from './reporting.ts';
import type { Job } from './scenario-job.ts';
import { loadVariant, type Variant } from './variant.ts';

/** A lab, and the NATs it is tried with. */
export type GridRow = { job: Job; name: string; versions: Record<string, string>; nats: readonly string[] };

/** `folder`: where captures go. `rerun`: the command that runs one cell alone. */
type GridTools = { report: Report; engine: Engine; keep: boolean; folder: string; rerun: (row: GridRow, nat: string) => string };

/**
 * A cell for each NAT, in their order: `skipped` where this machine cannot have the lab, `failed` also where the lab did not come
 * up or the scenario threw. Rejects when interrupted and when the engine or the host fails while the lab comes up. The lab goes in
 * the end unless `keep` is set.
 */
export const runRow = async (cli: Cli, row: GridRow, tools: GridTools): Promise<LabCell[]> => {
  const { job, name, versions, nats } = row;
  const { report, engine, keep } = tools;
  const variant = (nat: string): Promise<Variant> => loadVariant(job.topology.file, { name, nat, versions });
  const [first = ''] = nats;
  const base = await variant(first);
  const lack = await findLack(cli, { plan: base.plan, engine, emit: report.emit });
  const every = (standing: LabCell['standing'], notes: string[]): LabCell[] =>
    nats.map((nat) => ({ ...emptyCell(row, nat, tools), ...inDoubt({ standing, notes }, base.doubts) }));
  if (lack !== undefined) return every('skipped', [lack]);
  let fresh: boolean;
  try {
    fresh = !(await bringUp(cli, base, { report, engine, keep })).reused;
  } catch (error) {
    cli.signal.throwIfAborted();
    // what this machine lacks says nothing about the lab; another may be smaller, but without an engine there is none
    if (wantsRoom(error)) return every('skipped', [messageOf(error)]);
    if (error instanceof LabError && /^(HOST|ENGINE)/.test(error.code)) throw error;
    return every('failed', [`the lab did not come up: ${messageOf(error)}`]);
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

type Turn = { nat: string; topology: Variant; swap: boolean };

const runCell = async (cli: Cli, row: GridRow, { nat, topology, swap }: Turn, tools: GridTools): Promise<LabCell> => {
  const { engine, report, folder } = tools;
  const { lab, plan, doubts } = topology;
  const { scenario, file } = row.job;
  const { swapRouters } = await import('../run/run.ts');
  const { runScenario } = await import('../scenario/runner.ts');
  const { describeWays } = await import('../report/report.ts');
  const began = cli.now();
  const say = (text: string): void => report.emit({ at: cli.now(), type: 'notice', level: 'info', text });
  let cures: string[] = [];
  try {
    if (swap) {
      say(`${lab.name}: every NAT becomes ${nat}`);
      const settled = await swapRouters({ engine, plan, signal: cli.signal });
      cures = settled.mended.map((line) => `${settled.why === undefined ? 'mended' : 'did not help'}: ${line}`);
      for (const line of cures) say(line);
      say(`${lab.name}: measured, ${nat}${settled.why === undefined ? '' : `; ${settled.why}`}`);
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
    const { standing, notes } = judgeCell(verdict, checks, doubts);
    return {
      ...emptyCell(row, nat, tools),
      ...{ standing, notes: [...cures, ...notes] },
      ok: checks.filter(({ ok }) => ok).length,
      total: checks.length,
      ways: describeWays(lab, checks),
      seconds: (cli.now() - began) / 1000,
    };
  } catch (error) {
    cli.signal.throwIfAborted();
    const judged = inDoubt({ standing: 'failed', notes: [messageOf(error)] }, doubts);
    return { ...emptyCell(row, nat, tools), ...judged, seconds: (cli.now() - began) / 1000 };
  }
};

const emptyCell = (row: GridRow, nat: string, { rerun }: GridTools): Omit<LabCell, 'standing' | 'notes'> => ({
  ...{
    scenario: row.job.file.replace(/^.*\/|\.ts$/g, ''),
    versions: row.versions,
    nat,
    ok: 0,
    total: 0,
    ways: [],
    seconds: 0,
  },
  rerun: rerun(row, nat),
});
