/** Container hosts without Kubernetes: flannel's backends and the CNI plugins, as a user runs the scenario. Seconds, no cluster. */
import test from 'ava';
import { citedBy, edgelab, leftovers, type RunDocument } from './support.ts';

test.before(() => edgelab('down', 'container-hosts'));
test.after.always(() => edgelab('down', 'container-hosts'));

const claims = [
  ...['BAS-2'],
  ...[1, 2, 3, 4].map((number) => `FL-${String(number)}`),
  ...[1, 2, 3, 4, 6].map((number) => `CNI-${String(number)}`),
  ...[2, 3, 4, 5, 8].map((number) => `INS-${String(number)}`),
].map((claim) => `S003-${claim}`);

test.serial('containers of two hosts reach each other by each backend', async (t) => {
  const { exitCode, stdout, stderr } = await edgelab('run', 'cni', '--json');
  t.is(exitCode, 0, stderr as string);
  const { ok, checks } = JSON.parse(stdout as string) as RunDocument;
  t.true(ok);
  const cited = citedBy(checks);
  t.deepEqual(
    claims.filter((claim) => !cited.has(claim)),
    [],
    'claims without a check',
  );
});

test.serial('down removes all of it', async (t) => {
  t.is((await edgelab('down', 'container-hosts')).exitCode, 0);
  t.deepEqual(await leftovers('container-hosts'), []);
});
