/** The command line as commander knows it: every command with one line, and how a slip on it is answered. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Cli } from './cli.ts';
import { addBench } from './commands/bench.ts';
import { addCapture } from './commands/capture.ts';
import { addClaims } from './commands/claims.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDown } from './commands/down.ts';
import { addExec } from './commands/exec.ts';
import { addFault } from './commands/fault.ts';
import { addGraph } from './commands/graph.ts';
import { addGrid } from './commands/grid.ts';
import { addImages } from './commands/images.ts';
import { addKubectl } from './commands/kubectl.ts';
import { addLink } from './commands/link.ts';
import { addLogs } from './commands/logs.ts';
import { addNat } from './commands/nat.ts';
import { addPlan } from './commands/plan.ts';
import { addPs } from './commands/ps.ts';
import { addRestart } from './commands/restart.ts';
import { addRun } from './commands/run.ts';
import { addSchema } from './commands/schema.ts';
import { addTest } from './commands/test.ts';
import { addUp } from './commands/up.ts';
import { addValidate } from './commands/validate.ts';

/** Commands in the order of `edgelab --help`. Where commander would end the process it throws a CommanderError. */
export const makeProgram = (cli: Cli): Command => {
  const program = new Command('edgelab')
    .description('A declarative cloud-edge lab on Docker: real Kubernetes and KubeEdge behind real NATs')
    .version(versionOf(cli.root))
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.stdout.write(text),
      writeErr: (text) => cli.stderr.write(text),
      getOutHelpWidth: () => cli.stdout.columns ?? 120,
      outputError: (text, write) => write(reword(text)),
    })
    .addHelpText('after', `\nStart with: edgelab run      (labs without a tunnel, with EdgeMesh and with FabEdge, each with its verdicts)`);
  program.commandsGroup('Labs:');
  for (const add of [addUp, addRun, addDown, addPs, addClaims]) add(program, cli);
  program.commandsGroup('Inside a lab:');
  for (const add of [addExec, addLogs, addKubectl, addNat, addCapture, addLink, addFault, addRestart]) add(program, cli);
  program.commandsGroup('Topologies:');
  for (const add of [addValidate, addPlan, addGraph, addSchema]) add(program, cli);
  program.commandsGroup('This machine:');
  for (const add of [addDoctor, addImages, addTest, addBench, addGrid]) add(program, cli);
  return program;
};

const versionOf = (root: string): string => (JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string }).version;

/** Commander's words in the form every edgelab error has. */
const reword = (text: string): string =>
  text.replace(/^error: /, 'error CLI001 ').replace(/\(Did you mean (.*)\?\)/s, (_, names: string) => `  hint: did you mean ${names}?`);
