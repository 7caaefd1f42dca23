/** `edgelab link`: what the links of a lab do to packets, shown and changed while it runs. */
import type { Command } from 'commander';
import { describeLink, plainLink, readLinkWords } from '../../links/links.ts';
import type { LinkConditions } from '../../model/link.ts';
import { badInput } from '../bad-input.ts';
import { chooseLab } from '../choose-lab.ts';
import { print, printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { layTable } from '../table.ts';

type Options = Shared & { lab?: string };

/** Changes last until the next one or `clear`, also over a restart of the node. BadInput LINK001 for words that are no condition. */
export const addLink = (program: Command, cli: Cli): void => {
  const link = program.command('link').description('show or change delay, loss, rate and more of a link while a lab runs');
  const command = (words: string, description: string): Command =>
    shareOptions(link.command(words).description(description)).option('--lab <name>', 'which lab, where there are several');
  command('show', 'what links are told')
    .argument('[where]', 'site or node; default: all that are told something')
    .action(act<Options, [string | undefined]>(cli, (options, where) => show(cli, options, where)));
  command('set', 'give a link a condition; it replaces the one before')
    .argument('<where>', 'site (its uplink) or node')
    .argument(
      '<condition...>',
      '4g, dsl, fibre, satellite, delay=20ms, jitter=2ms, loss=1%, rate=5mbit, mtu=1400, …; up.rate=1mbit is one way',
    )
    .action(act<Options, [string, string[]]>(cli, (options, where, words) => set(cli, options, where, readCondition(words))));
  command('clear', 'let a link be as the machine is')
    .argument('<where>', 'site (its uplink) or node')
    .action(act<Options, [string]>(cli, (options, where) => set(cli, options, where, plainLink)));
};

const readCondition = (words: readonly string[]): LinkConditions => {
  const read = readLinkWords(words);
  if ('problem' in read) throw badInput('LINK001', read.problem, 'hint' in read ? read.hint : undefined);
  return read;
};

const find = async (cli: Cli, { lab: named }: Options, where: string | undefined) => {
  const engine = await cli.connect();
  const lab = await chooseLab(engine, {
    named,
    having: ({ name, site }) => where === undefined || [name, site].includes(where.split(':')[0]),
  });
  return { engine, lab, signal: cli.signal };
};

const set = async (cli: Cli, options: Options, where: string, conditions: LinkConditions): Promise<number> => {
  const { changeLinks } = await import('../../run/run.ts');
  const at = await find(cli, options, where);
  const before = await changeLinks(at, where, conditions);
  if (options.json === true)
    printJson(cli, { ok: true, lab: at.lab, links: before.map((link) => ({ ...link.place, before: link.conditions, conditions })) });
  else
    for (const { place, conditions: was } of before)
      print(cli, `${place.container} ${place.device}: ${describeLink(conditions)} (was ${describeLink(was)})`);
  return 0;
};

const show = async (cli: Cli, options: Options, where: string | undefined): Promise<number> => {
  const { findLinkPlaces, readLink } = await import('../../run/run.ts');
  const at = await find(cli, options, where);
  const running = (await at.engine.list(at.lab)).filter(
    ({ kind, state, role }) => kind === 'container' && state === 'running' && role !== 'core',
  );
  const places =
    where === undefined ? (await Promise.all(running.map(({ name }) => findLinkPlaces(at, name)))).flat() : await findLinkPlaces(at, where);
  const links = await Promise.all(places.map(async (place) => ({ place, conditions: (await readLink({ ...at, place })) ?? plainLink })));
  const told = links.filter(({ conditions }) => where !== undefined || describeLink(conditions) !== describeLink(plainLink));
  if (options.json === true) printJson(cli, { lab: at.lab, links: told.map(({ place, conditions }) => ({ ...place, conditions })) });
  else if (told.length === 0) print(cli, 'no link of this lab has a condition');
  else
    print(
      cli,
      layTable(
        told.map(({ place, conditions }) => [place.container, place.device, describeLink(conditions)]),
        0,
      ),
    );
  return 0;
};
