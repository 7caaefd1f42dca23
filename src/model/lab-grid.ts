/** A grid of labs: one scenario in many labs that differ in versions and NATs, and what came out in each. */
import type { Standing } from './check.ts';

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

export type LabGrid = { title: string; cells: LabCell[]; seconds: number };
