/** `edgelab up`: builds the lab of a topology, or finds it alive. */
import type { Command } from 'commander';
import { bringUp } from '../bring-up.ts';
import type { Cli } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { openReport, type ReportOptions } from '../reporting.ts';
import { defaultTopology, loadTopology } from '../topology-file.ts';

type Options = ReportOptions & { keep?: boolean; force?: boolean };

/** A lab that is up and alive is left as it is. */
export const addUp = (program: Command, cli: Cli): void => {
  shareOptions(program.command('up').description('build a lab and everything in it'))
    .argument('[topology]', 'name in topologies/, or path of a .yaml file', defaultTopology)
    .option('--keep', 'leave a lab that failed as it is, for study')
    .option('--force', 'also a combination of components that cannot work; what fails is kept, as with --keep')
    .option('--junit <file>', 'write the steps as JUnit XML')
    .action(act<Options, [string]>(cli, (options, topology) => up(cli, options, topology)));
};

const up = async (cli: Cli, options: Options, topology: string): Promise<number> => {
  const loaded = await loadTopology(cli, topology, { force: options.force === true });
  const engine = await cli.connect();
  const report = await openReport(cli, options);
  await report.closeAfter(() => bringUp(cli, loaded, { report, engine, keep: options.keep === true || options.force === true }));
  return 0;
};
