// Typed lint: what the compiler lets through but a person should not write, first of all a forgotten `await`.
import tseslint from 'typescript-eslint';

const environment = { object: 'process', property: 'env', message: 'Only src/cli reads the environment.' };
const clock = { object: 'Date', property: 'now', message: 'Pure rooms have no clock: take `now` as an argument.' };
const randomness = { object: 'Math', property: 'random', message: 'Pure rooms have no randomness: take it as an argument.' };

export default tseslint.config(
  { ignores: ['node_modules/', 'runs/', '.cache/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // An interface where classes implement it, a type where data has a shape; `'a' | string` names the usual values.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A fake of an async interface is async without awaiting.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A type parameter that only names the shape of an argument still documents it.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Arrays and records are checked by noUncheckedIndexedAccess; `!` says that a person knows better, as `as` does.
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 350 }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Types are stripped, so enums cannot run: use a union of literals.' },
        { selector: "MemberExpression[object.name='process'][property.name='exit']", message: 'Only src/cli/main.ts ends the process.' },
      ],
    },
  },
  { files: ['src/!(cli)/**/*.ts'], rules: { 'no-restricted-properties': ['error', environment] } },
  {
    // The pure core: the same topology gives the same plan, at any time and on any machine.
    files: ['src/{model,lib,topology,nat,nodes,components,plan,evidence,probes}/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', environment, clock, randomness],
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'fetch'],
    },
  },
  { files: ['src/cli/main.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['test/**/*.ts'], rules: { 'max-lines': 'off', 'no-restricted-syntax': 'off' } },
);
