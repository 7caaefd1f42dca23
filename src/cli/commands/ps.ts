/** `edgelab ps`: the labs on this machine and how their nodes are. */
import type { Command } from 'commander';
import type { Engine, Owned } from '../../engine/engine.ts';
import { plural } from '../../lib/names.ts';
import type { ContainerStatus } from '../../run/run.ts';
import { chooseLab, labNames } from '../choose-lab.ts';
import { print, printJson, wantsColor, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { layTable, makePaint, type Paint } from '../table.ts';

/** Labs are found by their labels, whoever brought them up. */
export const addPs = (program: Command, cli: Cli): void => {
  shareOptions(program.command('ps').description('list labs and the state of their nodes'))
    .argument('[lab]', 'one lab only')
    .option('--lab <name>', 'the same')
    .action(act<Shared & { lab?: string }, [string | undefined]>(cli, (options, lab) => ps(cli, options, lab ?? options.lab)));
};

type LabStatus = { lab: string; topology: string; networks: number; nodes: ContainerStatus[] };

const ps = async (cli: Cli, options: Shared, named: string | undefined): Promise<number> => {
  const engine = await cli.connect();
  const things = await engine.labs();
  const names = named === undefined ? labNames(things) : [await chooseLab(engine, { named })];
  const labs = await Promise.all(names.map((lab) => describeLab(engine, lab, things)));
  if (options.json === true) printJson(cli, { labs });
  else if (labs.length === 0) print(cli, 'no labs. Bring one up: ./edgelab up');
  else print(cli, labs.map((lab) => render(lab, cli.now(), makePaint(wantsColor(cli, cli.stdout, options)))).join('\n\n'));
  return 0;
};

const describeLab = async (engine: Engine, lab: string, things: readonly Owned[]): Promise<LabStatus> => {
  const { status } = await import('../../run/run.ts');
  const mine = things.filter((thing) => thing.lab === lab);
  return {
    lab,
    topology: mine[0]?.topology ?? '',
    networks: mine.filter(({ kind }) => kind === 'network').length,
    nodes: await status(engine, lab),
  };
};

const render = ({ lab, topology, networks, nodes }: LabStatus, now: number, paint: Paint): string => {
  const rows = nodes.map(({ name, role, site, state, addresses, memoryBytes, startedAt }) => [
    name,
    role,
    site ?? '',
    paint(state === 'running' ? 'green' : 'red', state),
    startedAt === undefined || state !== 'running' ? '' : age(now - startedAt),
    memoryBytes === undefined ? '' : `${Math.max(1, Math.round(memoryBytes / 1e6))} MB`,
    addresses.join('  '),
  ]);
  const head = `${paint('bold', lab)}  ${plural(nodes.length, 'container')}, ${plural(networks, 'network')}${topology === '' ? '' : `, from ${topology}`}`;
  return `${head}\n${layTable([['NAME', 'ROLE', 'SITE', 'STATE', 'AGE', 'MEMORY', 'ADDRESSES'].map((title) => paint('dim', title)), ...rows])}`;
};

/** `42 s`, `12 min`, `3 h`, `2 d`. */
const age = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
};
