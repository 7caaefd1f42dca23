/** `edgelab down`: removes a lab, found by its labels alone; no topology file is needed. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Engine } from '../../engine/engine.ts';
import { badInput } from '../bad-input.ts';
import { labNames } from '../choose-lab.ts';
import { note, printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { openReport } from '../reporting.ts';
import { isPath } from '../topology-file.ts';

type Options = Shared & { all?: boolean };

/** Exit code 0 also where there was nothing to remove. */
export const addDown = (program: Command, cli: Cli): void => {
  shareOptions(program.command('down').description('remove a lab and everything that belongs to it'))
    .argument('[lab]', 'its name; needless where there is only one')
    .option('--all', 'every lab on this machine')
    .action(act<Options, [string | undefined]>(cli, (options, lab) => down(cli, options, lab)));
};

const down = async (cli: Cli, options: Options, named: string | undefined): Promise<number> => {
  const { down: takeDown } = await import('../../run/run.ts');
  const engine = await cli.connect();
  const labs = await chooseLabs(cli, engine, options, named);
  const report = await openReport(cli, { ...options, json: false });
  const removed = await report.closeAfter(async () => {
    const done = [];
    for (const lab of labs) done.push({ lab, ...(await takeDown({ lab, engine, emit: report.emit, signal: cli.signal, now: cli.now })) });
    return done;
  });
  if (labs.length === 0) note(cli, 'there is no lab; nothing to remove');
  if (options.json === true) printJson(cli, { ok: true, removed });
  return 0;
};

/** A lab that is not there is no error: `down` is done then. */
const chooseLabs = async (cli: Cli, engine: Engine, { all }: Options, named: string | undefined): Promise<string[]> => {
  const things = await engine.labs();
  const names = labNames(things);
  if (all === true) return names;
  if (named !== undefined && isPath(named, /\.ya?ml$/)) {
    const file = resolve(cli.cwd, named);
    return labNames(things.filter(({ topology }) => topology === file));
  }
  if (named !== undefined) return [named];
  if (names.length > 1)
    throw badInput('LAB001', `there are ${names.length} labs, and none was named`, `say which (${names.join(', ')}), or --all`);
  return names;
};
