/** A grid of labs: one scenario in many labs that differ in versions and NATs, and what came out in each. */
import type { Standing } from './check.ts';

/** One scenario with one set of versions behind one NAT, and how it went. */
export type LabCell = {
  scenario: string;
  /** What the lab installs: component → version. */
  versions: Record<string, string>;
  /** The preset of all its NATs. */
  nat: string;
  standing: Standing | 'skipped';
  /** Checks that were as expected, and all there were. */
  ok: number;
  total: number;
  /** By which ways calls went, `across LANs relayed by cloud`. */
  ways: string[];
  /** Why it is not simply passed. */
  notes: string[];
  seconds: number;
  /** The command that runs this cell alone. */
  rerun: string;
};

/** Cells in the order in which they ran. `seconds`: all of it, building up and taking down included. */
export type LabGrid = { title: string; cells: LabCell[]; seconds: number };
