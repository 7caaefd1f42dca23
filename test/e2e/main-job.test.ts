/** The main job as a user runs it, on real Docker with real Kubernetes: up, question 1, use, reuse, down. */
import test from 'ava';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { citedBy, edgelab, hostState, leftovers, type RunDocument } from './support.ts';

let before: Awaited<ReturnType<typeof hostState>>;
let folder: string;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edgelab-e2e-'));
  await edgelab('down', 'two-lans');
  before = await hostState();
});

test.after.always(async () => {
  await edgelab('down', 'two-lans');
  await rm(folder, { recursive: true, force: true });
});

const claims = ['S000-ENV-1', ...Array.from({ length: 13 }, (_, index) => `S000-Q1-${String(index + 1)}`)];

test.serial('run brings the lab up and answers question 1 with every expectation held', async (t) => {
  const junit = join(folder, 'junit.xml');
  const { exitCode, stdout, stderr } = await edgelab('run', 'question-1', '--json', '--junit', junit);
  t.is(exitCode, 0, stderr as string);
  const document = JSON.parse(stdout as string) as RunDocument;
  t.true(document.ok);
  t.is(document.lab, 'two-lans');
  t.true(document.checks.length >= 40, `only ${String(document.checks.length)} checks`);
  t.deepEqual(
    document.checks.filter(({ ok }) => !ok),
    [],
  );
  const cited = citedBy(document.checks);
  t.deepEqual(
    claims.filter((claim) => !cited.has(claim)),
    [],
    'claims without a check',
  );
  const unexplained = document.checks.filter(({ evidence }) => evidence.length === 0);
  t.deepEqual(
    unexplained.map(({ id }) => id),
    [],
    'checks without evidence',
  );
  t.regex(await readFile(junit, 'utf8'), /<testsuites?[ >]/);
});

test.serial('kubectl logs and exec reach an edge pod behind its NAT', async (t) => {
  const { stdout: pod } = await edgelab(
    'kubectl',
    'get',
    'pods',
    '-l',
    'app=echo,edgelab.io/node=edge-b1',
    '-o',
    'jsonpath={.items[0].metadata.name}',
  );
  // kubectl may end with code 0 and without a line, and has them all when it is asked again: a fault of KubeEdge, which is told
  let logs = await edgelab('kubectl', 'logs', pod as string);
  for (let empty = 1; empty <= 5 && logs.exitCode === 0 && logs.stdout === ''; empty++) {
    t.log(`answers without a line: ${String(empty)}`);
    logs = await edgelab('kubectl', 'logs', pod as string);
  }
  t.is(logs.exitCode, 0, logs.stderr as string);
  t.regex(logs.stdout as string, /Started HTTP server|listening/i);
  const exec = await edgelab('kubectl', 'exec', pod as string, '--', '/agnhost', 'help');
  t.is(exec.exitCode, 0, exec.stderr as string);
});

test.serial('exec runs a command in a node and passes its exit code on', async (t) => {
  t.is((await edgelab('exec', 'edge-a1', '--', 'hostname')).stdout, 'edge-a1');
  t.is((await edgelab('exec', 'edge-a1', '--', 'sh', '-c', 'exit 7')).exitCode, 7);
});

test.serial("a user's own scenario outside the repository runs on the live lab", async (t) => {
  const file = join(folder, 'mine.ts');
  await writeFile(
    file,
    `import { scenario, step } from 'edgelab';
export default scenario({
  title: 'a name of my own',
  topology: 'two-lans',
  steps: [
    step('edge-a1 reaches the pod of edge-a2', ({ lab, expect }) =>
      expect.reach(lab.node('edge-a1'), lab.pod('echo', { on: 'edge-a2' }))),
    step('an expectation that cannot hold fails', ({ lab, expect }) =>
      expect.reach(lab.node('edge-b1'), lab.pod('echo', { on: 'edge-a2' }))),
  ],
});
`,
  );
  const { exitCode, stdout, stderr } = await edgelab('run', file, '--json');
  t.is(exitCode, 1, stderr as string);
  const { ok, checks, seconds } = JSON.parse(stdout as string) as RunDocument;
  t.false(ok);
  t.deepEqual(
    checks.map((check) => check.ok),
    [true, false],
  );
  t.deepEqual(
    checks.map((check) => check.observed),
    ['reachable', 'timeout'],
  );
  t.true(seconds.up < 10, `a live lab took ${String(seconds.up)} s to be recognised`);
});

test.serial('down removes all of it and leaves the host as it was', async (t) => {
  const { exitCode } = await edgelab('down', 'two-lans');
  t.is(exitCode, 0);
  t.deepEqual(await leftovers('two-lans'), []);
  t.deepEqual(await hostState(), before);
});
