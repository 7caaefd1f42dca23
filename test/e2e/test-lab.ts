/** One lab as a user runs it: its scenarios hold, what they cite is complete, and nothing of it is left after down. */
import test, { type ExecutionContext } from 'ava';
import { citedBy, edgelab, leftovers, type RunDocument } from './support.ts';

export type LabTest = {
  lab: string;
  /** What holds, as the title of the test. */
  title: string;
  scenarios: readonly string[];
  /** Each is cited by a check of these scenarios. */
  claims: readonly string[];
  /** What else must be so. */
  look?: (t: ExecutionContext, checks: RunDocument['checks']) => void;
};

export const testLab = ({ lab, title, scenarios, claims, look }: LabTest): void => {
  test.before(() => edgelab('down', lab));
  test.after.always(() => edgelab('down', lab));

  test.serial(title, async (t) => {
    const { exitCode, stdout, stderr } = await edgelab('run', ...scenarios, '--json');
    t.is(exitCode, 0, stderr as string);
    const { ok, checks } = JSON.parse(stdout as string) as RunDocument;
    t.true(ok);
    const cited = citedBy(checks);
    t.deepEqual(
      claims.filter((claim) => !cited.has(claim)),
      [],
      'claims without a check',
    );
    look?.(t, checks);
  });

  test.serial('down removes all of it', async (t) => {
    t.is((await edgelab('down', lab)).exitCode, 0);
    t.deepEqual(await leftovers(lab), []);
  });
};

/** `S001-CLD-1` to `S001-CLD-6`. */
export const numbered = (prefix: string, ...numbers: readonly number[]): string[] => numbers.map((number) => `${prefix}-${String(number)}`);
