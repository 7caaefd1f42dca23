/** One lab as a user runs it: its scenarios hold, what they cite is complete, and nothing of it is left after down. */
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { citedBy, edgelab, leftovers, type RunDocument } from './support.ts';

export type LabTest = {
  lab: string;
  /** What holds, as the title of the test. */
  title: string;
  scenarios: readonly string[];
  /** Each is cited by a check of these scenarios. */
  claims: readonly string[];
  /** A published image without which they are skipped with its name, never passed. */
  image?: string;
  /** What else must be so. */
  look?: (t: ExecutionContext, checks: RunDocument['checks']) => void;
};

export const testLab = ({ lab, title, scenarios, claims, image, look }: LabTest): void => {
  test.before(() => edgelab('down', lab));
  test.after.always(() => edgelab('down', lab));

  test.serial(image === undefined ? title : `${title}; or it is skipped with the name of ${image}`, async (t) => {
    const { exitCode, stdout, stderr } = await edgelab('run', ...scenarios, '--json');
    t.is(exitCode, 0, stderr as string);
    const { ok, checks, scenarios: ran } = JSON.parse(stdout as string) as RunDocument;
    t.true(ok);
    if (image !== undefined && ran.skipped > 0) {
      await checkSkip(t, image, ran);
      return;
    }
    t.deepEqual(
      checks.filter((check) => !check.ok).map(({ id }) => id),
      [],
    );
    const cited = citedBy(checks);
    t.deepEqual(
      claims.filter((claim) => !cited.has(claim)),
      [],
      'claims without a check',
    );
    look?.(t, checks);
  });

  test.serial('down removes all of it', async (t) => {
    const { exitCode } = await edgelab('down', lab);
    if (image === undefined) t.is(exitCode, 0);
    t.deepEqual(await leftovers(lab), []);
  });
};

/** The image may have come from a registry during the run: what counts is that one that is here is never missed. */
const checkSkip = async (t: ExecutionContext, image: string, { passed, failed, list }: RunDocument['scenarios']): Promise<void> => {
  t.not((await execa('docker', ['image', 'inspect', image], { reject: false })).exitCode, 0, `${image} is here, and was not found`);
  t.log(`skipped: ${image} is not in the local engine`);
  t.deepEqual([passed, failed], [0, 0]);
  for (const { name, reason } of list) {
    t.true(reason?.includes(image));
    t.is((await edgelab('run', name, '--no-skip')).exitCode, 1);
  }
};

/** `S001-CLD-1` to `S001-CLD-6`. */
export const numbered = (prefix: string, ...numbers: readonly number[]): string[] => numbers.map((number) => `${prefix}-${String(number)}`);
