/** The hole-punch grid: which pairs of NAT kinds two hosts get through, by theory and by trial. */
import type { FileSpec } from './plan.ts';

/** What two hosts send to reach each other; in TCP both listen and connect, on one port. */
export type PunchProtocol = 'udp' | 'tcp';

/** One trial: a host behind `a` and a host behind `b` at once. */
export type PunchCell = { a: string; b: string; protocol: PunchProtocol; expected: boolean };

/** All trials, and the job for one container that makes them. */
export type Grid = {
  /** Rows and columns, in order. */
  kinds: string[];
  cells: PunchCell[];
  /** What its container needs, and the script that runs it all and prints the results. */
  files: FileSpec[];
  script: string;
  timeoutSeconds: number;
};

/** `milliseconds`: until both had heard each other; absent when they did not. */
export type PunchResult = PunchCell & { seen: boolean; milliseconds?: number };

/** `seconds`: from the first command to the last, container included. */
export type GridResult = { kinds: string[]; results: PunchResult[]; seconds: number };
