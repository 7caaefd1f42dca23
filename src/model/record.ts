/** What is kept of a scenario that was run, for whoever asks later which claims it settled. */
import type { Check, Verdict } from './check.ts';

/** A check without its path, evidence and time. */
export type CheckRecord = Pick<Check, 'id' | 'claims' | 'refutes' | 'from' | 'to' | 'expected' | 'observed' | 'ok' | 'known' | 'how'>;

/** One run of one scenario. */
export type VerdictRecord = {
  scenario: string;
  /** The lab it ran on; absent where none was there. */
  lab?: string;
  /** When it began: ISO 8601, UTC. */
  at: string;
  verdict: Verdict;
  /** Why it was not run. */
  reason?: string;
  checks: CheckRecord[];
};
