/** `edgelab validate`: every problem of topology files, without starting anything. */
import type { Command } from 'commander';
import { countDiagnostics, isError, renderDiagnostics } from '../../lib/diagnostics.ts';
import { exitCodes } from '../../lib/error-codes.ts';
import { plural } from '../../lib/names.ts';
import { print, printJson, wantsColor, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { checkTopology, listTopologies } from '../topology-file.ts';

/** Exit code 2 where a file has an error; warnings do not count. */
export const addValidate = (program: Command, cli: Cli): void => {
  shareOptions(program.command('validate').description('check topology files and print every problem in them'))
    .argument('[topology...]', 'names or paths; without any, all of topologies/')
    .action(act<Shared, [string[]]>(cli, (options, topologies) => validate(cli, options, topologies)));
};

const validate = async (cli: Cli, options: Shared, given: readonly string[]): Promise<number> => {
  const wanted = given.length > 0 ? given : await listTopologies(cli);
  const checked = await Promise.all(wanted.map((topology) => checkTopology(cli, topology)));
  const diagnostics = checked.flatMap((file) => file.diagnostics);
  const ok = !diagnostics.some(isError);
  if (options.json === true) {
    printJson(cli, {
      ok,
      files: checked.map((file) => ({ file: file.shown, ok: !file.diagnostics.some(isError), diagnostics: file.diagnostics })),
    });
  } else {
    const color = wantsColor(cli, cli.stdout, options);
    for (const file of checked) {
      if (file.diagnostics.length > 0) print(cli, `${renderDiagnostics(file.diagnostics, file.texts, { color })}\n`);
      else print(cli, `${file.shown}: no problems, ${summarize(file.lab)}`);
    }
    if (diagnostics.length > 0) print(cli, `${countDiagnostics(diagnostics)}.`);
  }
  return ok ? exitCodes.good : exitCodes.badInput;
};

const summarize = (lab: Awaited<ReturnType<typeof checkTopology>>['lab']): string => {
  const nodes = lab?.sites.flatMap((site) => site.nodes).length ?? 0;
  const routers = lab?.sites.filter((site) => site.lan).length ?? 0;
  return `${plural(nodes, 'node')} and ${plural(routers, 'LAN')}`;
};
