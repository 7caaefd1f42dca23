import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { runEdgelab, root } from './fake-cli.ts';

const folderWith = async (files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'edgelab topologies '));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
};

const broken = 'name: broken\nsites:\n  home:\n    subnet: 192.168.1.0/24\n    nat: symetric\n    nodes:\n      a: { role: hots }\n';

test('validate without arguments checks every topology of the checkout', async (t) => {
  const { code, stdout } = await runEdgelab(['validate']);
  t.is(code, 0, stdout);
  t.regex(stdout, /^topologies\/two-lans\.yaml: no problems, 4 nodes and 2 LANs$/m);
});

test('validate prints all problems with places, frames and a count, and exits with 2', async (t) => {
  const cwd = await folderWith({ 'broken.yaml': broken });
  t.teardown(() => rm(cwd, { recursive: true }));
  const { code, stdout } = await runEdgelab(['validate', 'broken.yaml'], { cwd });
  t.is(code, 2);
  t.regex(stdout, /broken\.yaml:5:10/);
  t.regex(stdout, /broken\.yaml:7:\d+/);
  t.regex(stdout, /2 errors\./);
});

test('validate --json has the diagnostics of each file', async (t) => {
  const cwd = await folderWith({ 'broken.yaml': broken });
  t.teardown(() => rm(cwd, { recursive: true }));
  const { code, stdout } = await runEdgelab(['validate', './broken.yaml', `${root}/topologies/two-lans.yaml`, '--json'], { cwd });
  t.is(code, 2);
  const document = JSON.parse(stdout) as {
    ok: boolean;
    files: { ok: boolean; diagnostics: { code: string; place: { line: number } }[] }[];
  };
  t.false(document.ok);
  t.deepEqual(
    document.files.map(({ ok }) => ok),
    [false, true],
  );
  t.is(document.files[0]?.diagnostics[0]?.place.line, 5);
});

test('a command that needs a topology prints its problems on stderr and starts nothing', async (t) => {
  const cwd = await folderWith({ 'broken.yaml': broken });
  t.teardown(() => rm(cwd, { recursive: true }));
  const { code, stdout, stderr } = await runEdgelab(['up', 'broken.yaml'], { cwd });
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /2 errors\. Nothing was started\.\n$/);
});

test('plan prints the same plan for a name and for its path', async (t) => {
  const byName = await runEdgelab(['plan', 'two-lans', '--json']);
  const byPath = await runEdgelab(['plan', './two-lans.yaml', '--json'], { cwd: `${root}/topologies` });
  t.is(byName.stdout, byPath.stdout);
  t.like(JSON.parse(byName.stdout), { lab: 'two-lans' });
  t.regex((JSON.parse(byName.stdout) as { hash: string }).hash, /^[0-9a-f]{16}$/);
});

test('plan as text names the segments and the installation', async (t) => {
  const { stdout } = await runEdgelab(['plan']);
  t.regex(stdout, /^two-lans$/m);
  t.regex(stdout, /192\.168\.1\.11\/24/);
});

test('schema is a JSON Schema', async (t) => {
  const { code, stdout } = await runEdgelab(['schema']);
  t.is(code, 0);
  t.regex((JSON.parse(stdout) as { $schema: string }).$schema, /json-schema\.org/);
});
