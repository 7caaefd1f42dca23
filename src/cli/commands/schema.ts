/** `edgelab schema`: the JSON Schema of topology files, for editors. */
import type { Command } from 'commander';
import { printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';

/** JSON with or without `--json`. */
export const addSchema = (program: Command, cli: Cli): void => {
  shareOptions(program.command('schema').description('print the JSON Schema of topology files, for editors')).action(
    act<Shared, []>(cli, async () => {
      const { topologyJsonSchema } = await import('../../topology/topology.ts');
      printJson(cli, topologyJsonSchema());
      return 0;
    }),
  );
};
