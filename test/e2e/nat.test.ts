/** What `nat requirements` and `grid nat` find on this machine: every preset is as declared, every pair of NATs as theory says. */
import test from 'ava';
import { edgelab } from './support.ts';

type Requirements = { holds: number; byDesign: number; mismatches: { nat: string; requirement: string; seen: string }[] };
type Grid = { cells: number; matching: number; mismatches: unknown[] };

const ask = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await edgelab(...args, '--json');
  return { exitCode, stderr: stderr as string, document: JSON.parse(stdout as string) as unknown };
};

test.serial('each preset keeps what its behaviour says of the RFCs, and breaks the rest', async (t) => {
  const { exitCode, stderr, document } = await ask('nat', 'requirements');
  const { holds, byDesign, mismatches } = document as Requirements;
  t.deepEqual(mismatches, []);
  t.is(exitCode, 0, stderr);
  t.true(holds > 500 && byDesign > 100);
});

test.serial('a hole is punched behind just those pairs of NATs where theory has one', async (t) => {
  const { exitCode, stderr, document } = await ask('grid', 'nat');
  const { cells, matching, mismatches } = document as Grid;
  t.deepEqual(mismatches, []);
  t.is(exitCode, 0, stderr);
  t.true(cells >= 16 * 16 * 2 && matching === cells);
});
