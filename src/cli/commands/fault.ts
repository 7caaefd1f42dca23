/** `edgelab fault`: what goes wrong in networks, made on purpose in a running lab, and ended again. */
import type { Command } from 'commander';
import { readDuration } from '../../lib/durations.ts';
import { faultName } from '../../links/links.ts';
import type { Directions, Fault } from '../../model/fault.ts';
import type { FaultSpec } from '../../run/run.ts';
import { badInput } from '../bad-input.ts';
import { chooseLab } from '../choose-lab.ts';
import { note, print, printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { loadLabPlan } from '../lab-plan.ts';
import { playTimeline, type PlayOptions } from '../play-timeline.ts';
import { layTable } from '../table.ts';

type Options = Shared & { lab?: string };

/**
 * What a subcommand begins outlasts it: until `heal`, after `kill` until `edgelab restart`. `flap`, `rebind` and `expire` are over
 * by themselves, and `play` undoes its own.
 */
export const addFault = (program: Command, cli: Cli): void => {
  const fault = program
    .command('fault')
    .description('make something go wrong in a running lab: cut, partition, dns, black-hole, rebind, …');
  const command = (words: string, description: string): Command =>
    shareOptions(fault.command(words).description(description)).option('--lab <name>', 'which lab, where there are several');
  command('cut', 'nothing passes the uplink of a site, or the wire of a node')
    .argument('<where>', 'site or node')
    .argument('[direction]', 'both, up (nothing gets out) or down (nothing gets in)', 'both')
    .action(act<Options, [string, string]>(cli, (options, where, direction) => cut(cli, options, where, direction)));
  command('partition', 'sites of one group and of another do not reach each other')
    .argument('<sites>', 'with commas')
    .argument('<others>', 'with commas')
    .action(act<Options, [string, string]>(cli, (options, one, other) => partition(cli, options, one.split(','), other.split(','))));
  command('dns', "the lab's DNS server hears nothing").action(act<Options, []>(cli, (options) => dns(cli, options)));
  command('black-hole', 'packets above a size vanish without a word')
    .argument('<where>', 'site or node')
    .argument('<mtu>', 'bytes of the largest packet that passes')
    .action(act<Options, [string, string]>(cli, (options, where, mtu) => blackHole(cli, options, where, mtu)));
  command('rebind', 'the router of a site forgets its bindings and gives out new ports')
    .argument('<site>')
    .action(act<Options, [string]>(cli, (options, site) => forget(cli, options, site, true)));
  command('expire', 'the router of a site forgets its bindings, as after a long silence')
    .argument('<site>')
    .action(act<Options, [string]>(cli, (options, site) => forget(cli, options, site, false)));
  command('redial', 'the router of a site gets another outside address, as after a new dial-in')
    .argument('<site>')
    .argument('[address]', 'of the same segment; default: a free one')
    .action(act<Options, [string, string | undefined]>(cli, (options, site, to) => actOn(cli, options, site, redialOf(site, to))));
  command('conntrack-full', 'the router of a site has no room for new connections')
    .argument('<site>')
    .action(act<Options, [string]>(cli, (options, site) => actOn(cli, options, site, { kind: 'conntrack-full', site })));
  command('flap', 'the link of a site or node goes down and up; ends by itself')
    .argument('<where>', 'site or node')
    .option('--times <n>', 'how often', Number, 3)
    .option('--period <duration>', 'once down and up', '2s')
    .action(act<FlapOptions, [string]>(cli, (options, where) => actOn(cli, options, where, flapOf(where, options))));
  command('play', 'the faults of the topology, each at its time, while pings watch what they do')
    .option('--watch <from:to>', 'a ping from a node to a node, may be said several times; default: from each LAN', collect, [])
    .action(act<PlayOptions, []>(cli, async (options) => playTimeline(cli, options, await find(cli, options, []))));
  for (const how of ['pause', 'kill'] as const)
    command(how, how === 'pause' ? 'a node stands still until it is healed' : 'a node loses power; edgelab restart brings it back')
      .argument('<node>')
      .action(act<Options, [string]>(cli, (options, node) => power(cli, options, node, how)));
  command('list', 'the faults there are').action(act<Options, []>(cli, (options) => list(cli, options)));
  command('heal', 'end all faults of a lab, or of a site or node')
    .argument('[where]', 'site or node')
    .action(act<Options, [string | undefined]>(cli, (options, where) => heal(cli, options, where)));
};

/** `office:wan1` is a place at `office`. */
const find = async (cli: Cli, { lab: named }: Options, places: readonly string[]) => {
  const names = places.map((place) => place.split(':')[0]);
  const engine = await cli.connect();
  const lab = await chooseLab(engine, {
    named,
    having: ({ name, site }) => names.length === 0 || names.includes(name) || names.includes(site ?? ''),
  });
  return { engine, lab, signal: cli.signal };
};

type Where = Awaited<ReturnType<typeof find>>;
type FlapOptions = Options & { times: number; period: string };

const collect = (value: string, before: string[]): string[] => [...before, value];

const redialOf = (site: string, to: string | undefined): Fault => ({ kind: 'redial', site, ...(to !== undefined && { to }) });

const flapOf = (where: string, { times, period }: FlapOptions): Fault => {
  const periodMs = readDuration(period);
  if (!Number.isInteger(times) || times < 1) throw badInput('CLI001', `"${times}" is no number of times`, 'a whole number from 1');
  if (periodMs === undefined || periodMs <= 0) throw badInput('CLI001', `"${period}" is no period`, 'write 500ms, 2s or 1m');
  return { kind: 'flap', where, times, periodMs };
};

/** Faults that need the lab's plan; they last until they are healed, or are over by themselves. */
const actOn = async (cli: Cli, options: Options, name: string, fault: Fault): Promise<number> => {
  const { actFault, describeFault } = await import('../../run/run.ts');
  const at = await find(cli, options, [name]);
  const { lab, plan } = await loadLabPlan(cli, at.engine, at.lab);
  const heal = await actFault({ engine: at.engine, lab, plan, signal: cli.signal }, fault);
  const what = describeFault(fault);
  if (heal) done(cli, options, { lab: at.lab, fault: what });
  else if (options.json === true) printJson(cli, { ok: true, lab: at.lab, fault: what });
  else note(cli, what);
  return 0;
};

const begin = async (cli: Cli, options: Options, at: Where, { name, spec }: { name: string; spec: FaultSpec }): Promise<number> => {
  const { beginFault } = await import('../../run/run.ts');
  await beginFault(at, name, spec);
  done(cli, options, { lab: at.lab, fault: name });
  return 0;
};

const done = (cli: Cli, { json }: Options, what: { lab: string; fault: string }, cure = `edgelab fault heal --lab ${what.lab}`): void => {
  if (json === true) printJson(cli, { ok: true, ...what });
  else note(cli, `${what.fault} in ${what.lab}; ${cure} ends it`);
};

const cut = async (cli: Cli, options: Options, where: string, direction: string): Promise<number> => {
  if (!isDirection(direction)) throw badInput('CLI001', `"${direction}" is no direction`, 'there are both, up and down');
  return begin(cli, options, await find(cli, options, [where]), {
    name: faultName('cut', where),
    spec: { kind: 'cut', at: where, directions: direction },
  });
};

const isDirection = (word: string): word is Directions => ['both', 'up', 'down'].includes(word);

const partition = async (cli: Cli, options: Options, one: string[], other: string[]): Promise<number> => {
  const { partitionOf } = await import('../../run/run.ts');
  const at = await find(cli, options, [...one, ...other]);
  const { lab } = await loadLabPlan(cli, at.engine, at.lab);
  return begin(cli, options, at, { name: faultName('parted', ...one, ...other), spec: partitionOf(lab, one, other) });
};

const dns = async (cli: Cli, options: Options): Promise<number> => {
  const at = await find(cli, options, []);
  const core = (await at.engine.list(at.lab)).find(({ kind, role }) => kind === 'container' && role === 'core')?.name ?? '';
  return begin(cli, options, at, { name: 'dns', spec: { kind: 'dns', core } });
};

const blackHole = async (cli: Cli, options: Options, where: string, text: string): Promise<number> => {
  const mtu = Number(text);
  if (!Number.isInteger(mtu) || mtu < 576 || mtu > 1500) throw badInput('CLI001', `"${text}" is no MTU`, 'a number of bytes, 576 to 1500');
  return begin(cli, options, await find(cli, options, [where]), {
    name: faultName('hole', where),
    spec: { kind: 'black-hole', at: where, mtu },
  });
};

const forget = async (cli: Cli, options: Options, site: string, reserve: boolean): Promise<number> => {
  const { forgetBindings, routerAt } = await import('../../run/run.ts');
  const at = await find(cli, options, [site]);
  const { lab, plan } = await loadLabPlan(cli, at.engine, at.lab);
  const router = routerAt(lab, site).name;
  await forgetBindings(at, plan, router, { reserve });
  if (options.json === true) printJson(cli, { ok: true, lab: at.lab, router });
  else note(cli, `${router} has forgotten its bindings${reserve ? '; for two minutes the old ports are not given out' : ''}`);
  return 0;
};

const power = async (cli: Cli, options: Options, node: string, how: 'pause' | 'kill'): Promise<number> => {
  const at = await find(cli, options, [node]);
  await at.engine.power(at.lab, node, how);
  if (how === 'pause') done(cli, options, { lab: at.lab, fault: `${node} paused` });
  else done(cli, options, { lab: at.lab, fault: `${node} killed` }, `edgelab restart ${node} --lab ${at.lab}`);
  return 0;
};

const list = async (cli: Cli, options: Options): Promise<number> => {
  const { listFaults } = await import('../../run/run.ts');
  const at = await find(cli, options, []);
  const faults = await listFaults(at);
  if (options.json === true) printJson(cli, { lab: at.lab, faults });
  else
    print(
      cli,
      faults.length === 0
        ? 'no faults'
        : layTable(
            faults.map(({ container, fault }) => [container, fault]),
            0,
          ),
    );
  return 0;
};

const heal = async (cli: Cli, options: Options, where: string | undefined): Promise<number> => {
  const { healAll } = await import('../../run/run.ts');
  const at = await find(cli, options, where === undefined ? [] : [where]);
  const healed = await healAll(at, where);
  if (options.json === true) printJson(cli, { ok: true, lab: at.lab, healed });
  else note(cli, healed.length === 0 ? 'there was no fault' : `healed: ${healed.join(', ')}`);
  return 0;
};
