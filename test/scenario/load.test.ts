import test from 'ava';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../../src/lib/lab-error.ts';
import { listSteps, loadScenario } from '../../src/scenario/runner.ts';

let folder: string;
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edgelab-scenario-'));
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

let files = 0;
const write = async (text: string): Promise<string> => {
  const file = join(folder, `mine-${String((files += 1))}.ts`);
  await writeFile(file, text);
  return file;
};

test('a scenario outside the checkout is loaded, types and all, and lists its steps without running them', async (t) => {
  const file = await write(`import { scenario, step, type StepContext } from 'edgelab';
const never = (_: StepContext): void => { throw new Error('ran'); };
export default scenario({ title: 'mine', topology: 'two-lans', steps: [step('first', never), step('second', never)] });
`);
  const loaded = await loadScenario(file);
  t.is(loaded.title, 'mine');
  t.deepEqual(listSteps(loaded), ['first', 'second']);
  t.deepEqual(loaded.needs, []);
});

test('the scenarios of the checkout load', async (t) => {
  const loaded = await loadScenario(new URL('../../scenarios/question-1.ts', import.meta.url).pathname);
  t.is(loaded.topology, 'two-lans');
  t.true(loaded.steps.length > 1);
});

const fails = test.macro({
  async exec(t, text: string, expected: RegExp) {
    const file = await write(text);
    const error = await t.throwsAsync(loadScenario(file), { instanceOf: LabError });
    t.is(error.code, 'SCEN001');
    t.true(error.message.startsWith(file), error.message);
    t.regex(error.message.slice(file.length), expected);
    t.false(error.message.includes('\n'), 'no stack');
  },
  title: (title = '') => `SCEN001 for ${title}`,
});

test('a syntax error, with its line', fails, `import { step } from 'edgelab';\n\nconst x = ;\n`, /^:3: SyntaxError: /);
test('an error of its own, with line and column', fails, `const a = 1;\nthrow new Error('no luck');\n`, /^:2:7: no luck$/);
test(
  'a wrong call, with line and column',
  fails,
  `const a: any = undefined;\na.b.c();\n`,
  /^:2:3: TypeError: Cannot read properties of undefined/,
);
test('an enum', fails, `enum A { b }\n`, /^.*: SyntaxError: .*enum/);
test('a name that edgelab does not have', fails, `import { scenari } from 'edgelab';\n`, /^:1: SyntaxError: .*scenari/);
test('a module that is not there', fails, `import x from 'no-such-package';\n`, /: Cannot find package 'no-such-package'/);
test('no default export', fails, `export const a = 1;\n`, /: it has no default export that is a scenario$/);
test('no title', fails, `export default { topology: 'x', steps: [], needs: [] };\n`, /: the scenario has no title$/);
test('no topology', fails, `export default { title: 'x', steps: [], needs: [] };\n`, /: the scenario names no topology$/);
test(
  'no steps',
  fails,
  `import { scenario } from 'edgelab';\nexport default scenario({ title: 'x', topology: 'y', steps: [] });\n`,
  /: the scenario has no steps$/,
);
test(
  'a step that is none',
  fails,
  `import { scenario, step } from 'edgelab';\nexport default scenario({ title: 'x', topology: 'y', steps: [step('a', () => {}), (() => {}) as never] });\n`,
  /: step 2 is not made by step\(title, function\)$/,
);

test('SCEN001 for a file that is not there', async (t) => {
  const error = await t.throwsAsync(loadScenario(join(folder, 'absent.ts')), { instanceOf: LabError });
  t.is(error.code, 'SCEN001');
});
