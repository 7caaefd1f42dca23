/** What the checks of a scenario, or the lack of them, say of a cell of a grid. */
import { describeKnown, standingOf } from '../lib/standing.ts';
import type { Check, Verdict } from '../model/check.ts';
import type { LabCell } from '../model/lab-grid.ts';

type Judgement = Pick<LabCell, 'standing' | 'notes'>;

/** `doubts`: why these components are not meant to work together; what fails then is no news. */
export const judgeCell = (verdict: Verdict, checks: readonly Check[], doubts: readonly string[]): Judgement => {
  const fixed = checks.some((check) => standingOf(check) === 'fixed');
  const { standing, notes } = inDoubt({ standing: verdict === 'passed' && fixed ? 'fixed' : verdict, notes: listNotes(checks) }, doubts);
  return { standing, notes: standing === 'passed' ? [...doubts.map((doubt) => `works all the same: ${doubt}`), ...notes] : notes };
};

/** A failure of what is not meant to work is a known one, and says so. */
export const inDoubt = ({ standing, notes }: Judgement, doubts: readonly string[]): Judgement =>
  standing === 'failed' && doubts.length > 0
    ? { standing: 'known', notes: [...doubts.map((doubt) => `known: ${doubt}`), ...notes] }
    : { standing, notes };

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
