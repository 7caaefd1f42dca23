/** Keeps the verdicts of a run in short, for `edgelab claims`: scenarios that came to their end, or were skipped. */
import type { Check } from '../model/check.ts';
import type { LabEvent, Reporter } from '../model/event.ts';
import type { CheckRecord, VerdictRecord } from '../model/record.ts';
import { applyEvent, emptyRun, type Run } from './run-record.ts';

/** In the order in which they started. `lab` is absent where the scenario was not run. */
const listRecords = (run: Run): VerdictRecord[] =>
  run.scenarios.flatMap(({ name, lab, startedAt, verdict, reason, checks }) =>
    verdict === undefined
      ? []
      : [
          {
            scenario: name,
            ...(lab === undefined || reason !== undefined ? {} : { lab }),
            at: new Date(startedAt).toISOString(),
            verdict,
            ...(reason === undefined ? {} : { reason }),
            checks: checks.map(({ check }) => toRecord(check)),
          },
        ],
  );

const toRecord = ({ id, claims, refutes, from, to, expected, observed, ok, known, how }: Check): CheckRecord => ({
  ...{ id, claims, ...(refutes && { refutes }), from, to, expected, observed, ok, ...(known && { known }), how },
});

/** Hands the list as JSON to `save` at the end. */
export const makeRecordReporter = (save: (text: string) => Promise<void>): Reporter => {
  const run = emptyRun();
  return {
    on: (event: LabEvent) => applyEvent(run, event),
    end: () => save(`${JSON.stringify(listRecords(run), undefined, 1)}\n`),
  };
};
