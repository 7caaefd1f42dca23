/** `edgelab graph`: a picture of a topology. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { print, printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { defaultTopology, loadTopology } from '../topology-file.ts';

type Format = 'mermaid' | 'dot' | 'svg';
type Options = Shared & { format: Format };

/** Starts nothing: the picture is text on stdout. */
export const addGraph = (program: Command, cli: Cli): void => {
  shareOptions(program.command('graph').description('draw a topology'))
    .argument('[topology]', 'name or path', defaultTopology)
    .addOption(new Option('-f, --format <format>', 'what to print').choices(['mermaid', 'dot', 'svg']).default('mermaid'))
    .action(act<Options, [string]>(cli, (options, topology) => graph(cli, options, topology)));
};

const graph = async (cli: Cli, options: Options, topology: string): Promise<number> => {
  const { drawLab } = await import('../../report/graph/graph.ts');
  const { lab } = await loadTopology(cli, topology);
  const text = await drawLab(lab, options.format);
  if (options.json === true) printJson(cli, { lab: lab.name, format: options.format, text });
  else print(cli, text);
  return 0;
};
