/** What all commands share: the options that each has, and how its action becomes an exit code. */
import type { Command } from 'commander';
import type { Cli, Shared } from './cli.ts';

/** Adds what `Shared` has, and gives the command back. */
export const shareOptions = (command: Command): Command =>
  command
    .option('--json', 'print the result as JSON on stdout')
    .option('--no-color', 'no colours (so does NO_COLOR)')
    .option('--debug', 'print stack traces of errors');

/** An action gets the command's options first and its arguments after; what it resolves to is the exit code. */
export const act =
  <Options extends Shared, Args extends readonly unknown[]>(
    cli: Cli,
    action: (options: Options, ...args: Args) => Promise<number> | number,
  ) =>
  async (...given: unknown[]): Promise<void> => {
    // commander passes the arguments, then the options, then the command
    const command = given.at(-1) as Command;
    cli.exitCode = await action(command.opts<Options>(), ...(given.slice(0, -2) as unknown as Args));
  };
