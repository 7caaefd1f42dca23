/** `edgelab claims`: what the seed documents say, and what the last runs on this machine say about that. */
import type { Command } from 'commander';
import { seeds, settleClaims, type SettledClaim } from '../../claims/claims.ts';
import { suggest } from '../../lib/names.ts';
import { badInput } from '../bad-input.ts';
import { print, printJson, wantsColor, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { readCitations, readRecords } from '../run-records.ts';

type Options = Shared & { scenario?: string };

/** Exit code 0, whatever the verdicts are. */
export const addClaims = (program: Command, cli: Cli): void => {
  shareOptions(program.command('claims').description('the claims of the seed documents, and what the last runs here say about them'))
    .argument('[claim...]', 'ids, or their beginnings: S001, S000-Q1, S000-Q1-7')
    .option('--scenario <name>', 'only claims that this scenario cites')
    .action(act<Options, [string[]]>(cli, (options, wanted) => claims(cli, options, wanted)));
};

const claims = async (cli: Cli, options: Options, wanted: readonly string[]): Promise<number> => {
  const [records, citations] = await Promise.all([readRecords(cli), readCitations(cli)]);
  const all = settleClaims(seeds, records, citations);
  const { scenario } = options;
  const cited = scenario === undefined ? undefined : citations.get(scenario);
  if (scenario !== undefined && !cited)
    throw badInput(
      'SCEN001',
      `there is no scenario "${scenario}"`,
      `${suggest(scenario, citations.keys())}there are ${[...citations.keys()].join(', ')}`,
    );
  for (const word of wanted) {
    const ids = all.map(({ id }) => id);
    if (!ids.some((id) => isUnder(id, word)))
      throw badInput('CLI001', `there is no claim "${word}"`, `${suggest(word, ids)}edgelab claims lists all ${all.length}`);
  }
  const chosen = all.filter(({ id }) => (wanted.length === 0 || wanted.some((word) => isUnder(id, word))) && (cited?.has(id) ?? true));
  if (options.json === true) {
    printJson(cli, {
      claims: chosen.map(({ scenario: by, ...claim }) => ({ ...claim, scenario: by ?? null })),
      counts: countVerdicts(chosen),
    });
    return 0;
  }
  const { renderClaims } = await import('../../report/report.ts');
  print(
    cli,
    renderClaims(seeds, chosen, {
      color: wantsColor(cli, cli.stdout, options),
      columns: cli.stdout.columns ?? Infinity,
      detail: chosen.length <= 3,
    }).join('\n'),
  );
  return 0;
};

/** `S000-Q1` is above `S000-Q1-7` and not above `S000-Q10-1`. */
const isUnder = (id: string, word: string): boolean => id === word || id.startsWith(`${word}-`);

const countVerdicts = (chosen: readonly SettledClaim[]): Record<string, number> => ({
  all: chosen.length,
  executed: chosen.filter(({ executed }) => executed).length,
  ...Object.fromEntries([...Map.groupBy(chosen, ({ verdict }) => verdict)].map(([verdict, of]) => [verdict, of.length])),
});
