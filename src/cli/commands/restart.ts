/** `edgelab restart`: a node or router off and on again, with everything that Docker does not put back itself. */
import type { Command } from 'commander';
import { badInput } from '../bad-input.ts';
import { chooseLab } from '../choose-lab.ts';
import { note, printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { loadLabPlan } from '../lab-plan.ts';

type Options = Shared & { lab?: string; kill?: boolean };

/** One after another in the order given, and the command ends when all are online. BadInput LAB003 where the topology has changed since. */
export const addRestart = (program: Command, cli: Cli): void => {
  shareOptions(program.command('restart').description('restart nodes or routers; wiring, rules and link conditions come back'))
    .argument('<node...>')
    .option('--kill', 'as a power cut: programs do not end by themselves')
    .option('--lab <name>', 'which lab, where there are several')
    .action(act<Options, [string[]]>(cli, (options, nodes) => restart(cli, options, nodes)));
};

const restart = async (cli: Cli, options: Options, nodes: readonly string[]): Promise<number> => {
  const { awaitOnline, restartContainers } = await import('../../run/run.ts');
  const engine = await cli.connect();
  const lab = await chooseLab(engine, { named: options.lab, having: ({ name }) => nodes.includes(name) });
  const { plan } = await loadLabPlan(cli, engine, lab);
  const names = plan.containers.map(({ name }) => name);
  const unknown = nodes.find((node) => !names.includes(node));
  if (unknown !== undefined) throw badInput('LAB002', `lab ${lab} has no node "${unknown}"`, `it has ${names.join(', ')}`);
  const began = cli.now();
  const say = (text: string): void => {
    if (options.json !== true) note(cli, text);
  };
  const running = new Set(
    (await engine.list(lab)).filter(({ kind, state }) => kind === 'container' && state === 'running').map(({ name }) => name),
  );
  for (const node of nodes) {
    const how = running.has(node) ? (options.kill === true ? 'kill' : 'stop') : 'start';
    await restartContainers({ engine, plan, containers: [node], how, signal: cli.signal, say });
  }
  await awaitOnline(engine, plan, nodes, cli.signal);
  const seconds = (cli.now() - began) / 1000;
  if (options.json === true) printJson(cli, { ok: true, lab, restarted: nodes, seconds });
  else note(cli, `online again after ${seconds.toFixed(1)} s`);
  return 0;
};
