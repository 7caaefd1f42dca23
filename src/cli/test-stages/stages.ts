/** The stages of `edgelab test`, in the order they are shown: checks that read the source, then tests that run it. */

export type StageName = 'lint' | 'format' | 'types' | 'imports' | 'unused' | 'unit' | 'integration' | 'e2e';

export type Stage = {
  name: StageName;
  title: string;
  /** A check passes or fails as a whole; tests are counted one by one. */
  kind: 'check' | 'tests';
  /** Program in node_modules/.bin and its arguments. */
  argv: readonly [string, ...string[]];
};

export const stages: readonly Stage[] = [
  { name: 'lint', title: 'eslint with types', kind: 'check', argv: ['eslint', '.'] },
  { name: 'format', title: 'prettier', kind: 'check', argv: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'types', title: 'tsc', kind: 'check', argv: ['tsc', '--pretty', 'false'] },
  { name: 'imports', title: 'import rules', kind: 'check', argv: ['depcruise', 'src', 'scenarios', 'test'] },
  { name: 'unused', title: 'knip', kind: 'check', argv: ['knip'] },
  { name: 'unit', title: 'tests without Docker', kind: 'tests', argv: ['ava', '--tap'] },
  { name: 'integration', title: 'tests on Docker', kind: 'tests', argv: ['ava', '--tap', '--config', 'ava.integration.config.js'] },
  { name: 'e2e', title: 'the main job', kind: 'tests', argv: ['ava', '--tap', '--config', 'ava.e2e.config.js'] },
];
