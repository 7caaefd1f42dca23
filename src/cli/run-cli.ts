/** From argv to an exit code: parses, runs one command, explains what went wrong. */
import { CommanderError } from 'commander';
import { exitCodes } from '../lib/error-codes.ts';
import { LabError } from '../lib/lab-error.ts';
import { note, printJson, wantsColor, type Cli } from './cli.ts';
import { explainFailure } from './failure.ts';
import { makeProgram } from './program.ts';

/** `argv` begins with the command: no program, no script. Never rejects. */
export const runCli = async (argv: readonly string[], cli: Cli): Promise<number> => {
  try {
    await makeProgram(cli).parseAsync(argv, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    return fail(error, argv, cli);
  }
};

const fail = (error: unknown, argv: readonly string[], cli: Cli): number => {
  const words = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
  const json = words.includes('--json');
  if (error instanceof CommanderError) {
    // Commander has printed its message already; help that was asked for is no error.
    if (error.exitCode === 0) return exitCodes.good;
    if (json) printJson(cli, { ok: false, error: { code: 'CLI001', message: error.message.replace(/^error: /, '') } });
    return exitCodes.badInput;
  }
  const thrown = cli.signal.aborted && !(error instanceof LabError) ? new LabError('INT001', 'interrupted') : error;
  const color = wantsColor(cli, cli.stderr, { color: !words.includes('--no-color') });
  const failure = explainFailure(thrown, { color, debug: words.includes('--debug') });
  note(cli, failure.text);
  if (json) printJson(cli, failure.json);
  return failure.exitCode;
};
