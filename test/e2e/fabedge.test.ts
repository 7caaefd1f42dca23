/** FabEdge as a user runs it: the lab with its tunnels, the scenario, down. */
import test from 'ava';
import { citedBy, edgelab, leftovers, type RunDocument } from './support.ts';

test.before(() => edgelab('down', 'two-lans-fabedge'));
test.after.always(() => edgelab('down', 'two-lans-fabedge'));

test.serial('tunnels stand, and the cloud and the edges reach each other through the connector', async (t) => {
  const { exitCode, stdout, stderr } = await edgelab('run', 'fabedge', '--json');
  t.is(exitCode, 0, stderr as string);
  const { ok, checks } = JSON.parse(stdout as string) as RunDocument;
  t.true(ok);
  t.true(checks.length >= 100, `only ${String(checks.length)} checks`);
  const cited = citedBy(checks);
  const claims = [1, 3, 4, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20].map((number) => `S004-${String(number)}`);
  t.deepEqual(
    claims.filter((claim) => !cited.has(claim)),
    [],
    'claims without a check',
  );
  t.true(checks.some(({ observed }) => observed === 'reachable, gateway'));
});

test.serial('down removes all of it', async (t) => {
  t.is((await edgelab('down', 'two-lans-fabedge')).exitCode, 0);
  t.deepEqual(await leftovers('two-lans-fabedge'), []);
});
