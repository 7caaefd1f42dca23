/** The stages of `edgelab test`, in the order they are shown: checks that read the source, then tests that run it. */

/** As it is called on the command line. */
export type StageName = 'lint' | 'format' | 'types' | 'imports' | 'unused' | 'unit' | 'images' | 'integration' | 'e2e';

/** One tool with its arguments. */
export type Stage = {
  name: StageName;
  title: string;
  /** A check and a preparation pass or fail as a whole, tests are counted one by one. Only checks run side by side. */
  kind: 'check' | 'preparation' | 'tests';
  /** Program for Node.js, relative to the checkout, and its arguments. */
  argv: readonly [string, ...string[]];
};

const bin = (name: string): string => `node_modules/.bin/${name}`;

/** Files that have not changed since they passed are not read again. A fresh clone, and so CI, reads them all. */
const cached = ['--cache', '--cache-strategy', 'content'];

/** All of them, in their order. */
export const stages: readonly Stage[] = [
  {
    name: 'lint',
    title: 'eslint with types',
    kind: 'check',
    argv: [bin('eslint'), ...cached, '--cache-location', 'node_modules/.cache/eslint/', '.'],
  },
  { name: 'format', title: 'prettier', kind: 'check', argv: [bin('prettier'), ...cached, '--check', '--log-level', 'warn', '.'] },
  { name: 'types', title: 'tsc', kind: 'check', argv: [bin('tsc'), '--pretty', 'false'] },
  { name: 'imports', title: 'import rules', kind: 'check', argv: [bin('depcruise'), 'src', 'scenarios', 'test'] },
  { name: 'unused', title: 'knip', kind: 'check', argv: [bin('knip')] },
  { name: 'unit', title: 'tests without Docker', kind: 'tests', argv: [bin('ava'), '--tap'] },
  { name: 'images', title: 'what labs run, built where it is missing', kind: 'preparation', argv: ['src/cli/main.ts', 'images', 'build'] },
  { name: 'integration', title: 'tests on Docker', kind: 'tests', argv: [bin('ava'), '--tap', '--config', 'ava.integration.config.js'] },
  { name: 'e2e', title: 'the main job', kind: 'tests', argv: [bin('ava'), '--tap', '--config', 'ava.e2e.config.js'] },
];

/** The stages that were named, and the preparation that they need; all without names. */
export const chooseStages = (names: readonly string[]): Stage[] => {
  const onDocker = names.includes('integration') || names.includes('e2e');
  return stages.filter(({ name, kind }) => names.length === 0 || names.includes(name) || (kind === 'preparation' && onDocker));
};
