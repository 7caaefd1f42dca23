/** A grid as a user runs it: one lab, its routers swapped from kind to kind, and what is known to fail told apart. */
import test from 'ava';
import { edgelab, leftovers } from './support.ts';

type Cell = { nat: string; standing: string; ok: number; total: number; notes: string[]; rerun: string };

const scenario = 'test/e2e/scenarios/ping.ts';
const lab = 'hosts-only-grid';

test.after.always(() => edgelab('down', lab));

test.serial('each kind of NAT is a cell; a known failure is no reason for exit code 1', async (t) => {
  const { exitCode, stdout, stderr } = await edgelab('grid', 'tunnels', '--scenario', scenario, '--nat', 'cgnat,symmetric', '--json');
  t.is(exitCode, 0, stderr as string);
  const { cells, known, failed } = JSON.parse(stdout as string) as { cells: Cell[]; known: number; failed: number };
  t.deepEqual(
    cells.map(({ nat, standing, ok, total }) => ({ nat, standing, ok, total })),
    ['cgnat', 'symmetric'].map((nat) => ({ nat, standing: 'known', ok: 1, total: 2 })),
  );
  t.deepEqual([known, failed], [2, 0]);
  t.deepEqual(cells[0]?.notes, ['known: nobody has a way to a private address (RFC 1918)']);
  t.is(cells[0]?.rerun, `./edgelab grid tunnels --scenario ${scenario} --nat cgnat --only ping,cgnat`);
  t.deepEqual(await leftovers(lab), []);
});
