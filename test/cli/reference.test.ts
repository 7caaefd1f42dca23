import test from 'ava';
import type { Command } from 'commander';
import type { Cli } from '../../src/cli/cli.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { errorCodes, exitCodes } from '../../src/lib/error-codes.ts';
import { matchGolden } from '../lib/golden.ts';
import { root } from './fake-cli.ts';

const reference = new URL('../../docs/reference/cli.md', import.meta.url);

const optionsOf = (command: Command): string =>
  command.options.map(({ flags, description }) => `| \`${flags.replaceAll('|', '\\|')}\` | ${description} |`).join('\n');

const argumentsOf = (command: Command): string =>
  command.registeredArguments
    .filter(({ description }) => description !== '')
    .map(
      (one) =>
        `| \`${one.name()}\` | ${one.description}${one.defaultValue === undefined ? '' : ` (default: ${String(one.defaultValue)})`} |`,
    )
    .join('\n');

const describe = (command: Command, parents: string): string => {
  const name = `${parents} ${command.name()}`;
  const rows = [argumentsOf(command), optionsOf(command)].filter((text) => text !== '').join('\n');
  const table = rows === '' ? '' : `\n\n| | |\n|---|---|\n${rows}`;
  const own = `## \`${name} ${command.usage()}\`\n\n${command.description()}.${table}`;
  return [own, ...command.commands.map((child) => describe(child, name))].join('\n\n');
};

test('the reference of the command line is what commander knows (UPDATE_GOLDENS=1 renews it)', async (t) => {
  const program = makeProgram({ root, stdout: {}, stderr: {} } as unknown as Cli);
  const text = [
    '# The command line',
    '',
    '<!-- Made from src/cli by `npm run update`; the tests fail when it is stale. -->',
    '',
    'Results go to stdout, messages to stderr. Exit codes:',
    '',
    ...Object.entries(exitCodes).map(([name, code]) => `* ${code}: ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`),
    '',
    program.commands.map((command) => describe(command, 'edgelab')).join('\n\n'),
    '',
  ].join('\n');
  await matchGolden(t, reference, text);
});

test('every exit code of an error is one of the documented ones', (t) => {
  const documented = new Set<number>(Object.values(exitCodes));
  for (const [code, { exit }] of Object.entries(errorCodes)) t.true(documented.has(exit), code);
});
