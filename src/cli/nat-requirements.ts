/** `edgelab nat requirements`: every requirement of RFC 4787, 5382 and 5508 that can be tried, against kinds of NAT. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { suggest } from '../lib/names.ts';
import { badInput } from './bad-input.ts';
import { note, print, printJson, wantsColor, type Cli, type Shared } from './cli.ts';
import { runJob } from './run-job.ts';
import { gridPaint } from './table.ts';
import { withUserFile } from './user-file.ts';

/** `markdown`: path of a page to be written. */
export type RequirementsOptions = Shared & { markdown?: string };

/**
 * `names` are presets; none are all that translate. Exit code 1 where something is not as declared; NAT003 where the trial itself
 * fails.
 */
export const natRequirements = async (cli: Cli, options: RequirementsOptions, names: string[]): Promise<number> => {
  const { makeRequirements, readRequirements } = await import('../nat/nat.ts');
  const { drawRequirements, summarizeRequirements, writeRequirements } = await import('../report/report.ts');
  const job = makeRequirements(await select(names));
  if (options.json !== true) note(cli, `${job.nats.length} kinds of NAT …`);
  const startedAt = cli.now();
  const output = await runJob(cli, job, { prefix: 'nat-requirements', what: 'the trial of requirements', code: 'NAT003' });
  const table = readRequirements(job, output);
  const seconds = (cli.now() - startedAt) / 1000;
  const { markdown } = options;
  const command = ['edgelab nat requirements', ...names].join(' ');
  if (markdown !== undefined) await withUserFile(markdown, () => writeFile(resolve(cli.cwd, markdown), writeRequirements(table, command)));
  const summary = summarizeRequirements(table);
  if (options.json === true) printJson(cli, { ...table, ...summary, seconds });
  else print(cli, drawRequirements(table, gridPaint(wantsColor(cli, cli.stdout, options)), seconds));
  return summary.mismatches.length === 0 ? 0 : 1;
};

/** Those that translate; none of the RFCs is about others. */
const select = async (names: readonly string[]) => {
  const { findNatPreset, natPresets, translates } = await import('../nat/nat.ts');
  const known = natPresets.filter(({ behaviour }) => translates(behaviour));
  if (names.length === 0) return known;
  return names.map((name) => {
    const preset = findNatPreset(name);
    if (preset && translates(preset.behaviour)) return preset;
    const words = known.map((one) => one.name);
    if (preset) throw badInput('CLI001', `"${name}" translates nothing, so it is no NAT`, `there are: ${words.join(', ')}`);
    throw badInput('CLI001', `there is no NAT kind "${name}"`, `${suggest(name, words)}there are: ${words.join(', ')}`);
  });
};
