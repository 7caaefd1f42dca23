/** Question 2 as a user runs it; without the published image of EdgeMesh it is skipped with the image's name, never passed. */
import test from 'ava';
import { execa } from 'execa';
import { citedBy, edgelab, leftovers } from './support.ts';

const image = 'kubeedge/edgemesh-agent:v1.16.0';
const lab = 'two-lans-edgemesh';

type Document = {
  ok: boolean;
  scenarios: { passed: number; failed: number; skipped: number; list: { name: string; verdict: string; reason?: string }[] };
  checks: { id: string; ok: boolean; claims: string[]; evidence: unknown[]; observed: string }[];
};

const hasImage = async (): Promise<boolean> => (await execa('docker', ['image', 'inspect', image], { reject: false })).exitCode === 0;

test.before(() => edgelab('down', lab));
test.after.always(() => edgelab('down', lab));

test.serial('question 2 holds with the image, and is skipped with its name without it', async (t) => {
  const present = await hasImage();
  if (!present) t.log(`skipped: ${image} is not in the local engine`);
  const { exitCode, stdout, stderr } = await edgelab('run', 'question-2', '--json');
  t.is(exitCode, 0, stderr as string);
  const { ok, scenarios, checks } = JSON.parse(stdout as string) as Document;
  t.true(ok);
  const [only] = scenarios.list;
  if (!present && only?.verdict === 'skipped') {
    t.true(only.reason?.includes(image));
    t.deepEqual([scenarios.passed, scenarios.failed, scenarios.skipped, checks.length], [0, 0, 1, 0]);
    t.is((await edgelab('run', 'question-2', '--no-skip')).exitCode, 1);
    return;
  }
  t.is(only?.verdict, 'passed');
  t.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  );
  t.true(checks.every(({ evidence }) => evidence.length > 0));
  const cited = citedBy(checks);
  const claims = Array.from({ length: 12 }, (_, index) => `S000-Q2-${String(index)}`);
  t.deepEqual(
    claims.filter((claim) => !cited.has(claim)),
    [],
    'claims without a check',
  );
  t.true(checks.some(({ observed }) => observed === 'reachable, relayed'));
  t.true(checks.some(({ observed }) => observed === 'reachable, direct'));
});

test.serial('nothing of it is left after down', async (t) => {
  if ((await edgelab('down', lab)).exitCode !== 0) t.log('there was no such lab');
  t.deepEqual(await leftovers(lab), []);
});
