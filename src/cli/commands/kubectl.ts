/** `edgelab kubectl`: kubectl of the lab's control plane, arguments and exit code passed through. */
import type { Command } from 'commander';
import { badInput } from '../bad-input.ts';
import { chooseLab } from '../choose-lab.ts';
import { printJson, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { hasTerminal, runInside } from './exec.ts';

type Options = Shared & { lab?: string };

/** BadInput LAB002 in a lab without a running control plane. */
export const addKubectl = (program: Command, cli: Cli): void => {
  shareOptions(program.command('kubectl').description("run kubectl on the lab's control plane"))
    .argument('[arguments...]', 'as kubectl takes them; files by stdin: kubectl apply -f - < file.yaml')
    .option('--lab <name>', 'which lab, where there are several')
    .passThroughOptions()
    .action(act<Options, [string[]]>(cli, (options, args) => kubectl(cli, options, args)));
};

const kubectl = async (cli: Cli, options: Options, args: readonly string[]): Promise<number> => {
  const engine = await cli.connect();
  const lab = await chooseLab(engine, { named: options.lab, having: ({ role }) => role === 'control-plane' });
  const controlPlane = (await engine.list(lab)).find(
    ({ kind, role, state }) => kind === 'container' && role === 'control-plane' && state === 'running',
  );
  if (!controlPlane) throw badInput('LAB002', `lab ${lab} has no running control plane`, 'kubectl works in labs that install kubernetes');
  const argv = ['env', 'KUBECONFIG=/etc/kubernetes/admin.conf', 'kubectl', ...args];
  if (options.json === true) {
    const { code, stdout, stderr, seconds } = await engine.exec(lab, controlPlane.name, argv, { signal: cli.signal });
    printJson(cli, { node: controlPlane.name, code, stdout, stderr, seconds });
    return code;
  }
  return runInside(cli, await engine.interactive(lab, controlPlane.name, hasTerminal(cli)), argv);
};
