/** `edgelab test`: all checks and tests of the project; the last line counts what passed and what failed. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { exitCodes } from '../../lib/error-codes.ts';
import { listWords, suggest } from '../../lib/names.ts';
import { badInput } from '../bad-input.ts';
import { print, printJson, wantsColor, type Cli, type Shared } from '../cli.ts';
import { act, shareOptions } from '../command.ts';
import { makePaint, type Paint } from '../table.ts';
import { runStage, type StageResult } from '../test-stages/run-stage.ts';
import { chooseStages, stages, type Stage } from '../test-stages/stages.ts';

/** Exit code 1 where anything failed, 130 when interrupted. */
export const addTest = (program: Command, cli: Cli): void => {
  shareOptions(program.command('test').description('run the checks and tests of edgelab itself'))
    .argument('[stage...]', stages.map(({ name }) => name).join(', '))
    .action(act<Shared, [string[]]>(cli, (options, names) => test(cli, options, names)));
};

const test = async (cli: Cli, options: Shared, names: readonly string[]): Promise<number> => {
  requireKnown(names);
  const chosen = chooseStages(names);
  const startedAt = cli.now();
  const results = await runStages(chosen, cli, options);
  const sum = (key: 'passed' | 'failed' | 'skipped'): number => results.reduce((total, result) => total + result[key], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  if (options.json === true)
    printJson(cli, { ok: failed === 0, passed, failed, skipped, seconds: (cli.now() - startedAt) / 1000, stages: results });
  else print(cli, `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  if (cli.signal.aborted) return exitCodes.interrupted;
  return failed === 0 ? exitCodes.good : exitCodes.assertionFailed;
};

const requireKnown = (names: readonly string[]): void => {
  const known = stages.map(({ name }) => name as string);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw badInput('CLI001', `there is no stage "${unknown}"`, `${suggest(unknown, known)}stages: ${listWords(known)}`);
};

/** Checks run side by side, tests one after another: they would take each other's processors. */
const runStages = async (chosen: readonly Stage[], cli: Cli, options: Shared): Promise<StageResult[]> => {
  const { runCommand } = await import('../../host/host.ts');
  const paint = makePaint(wantsColor(cli, cli.stdout, options));
  const say = options.json === true ? () => undefined : (text: string) => print(cli, text);
  const results = new Map<Stage, StageResult>();
  const runOne = async (stage: Stage): Promise<void> => {
    if (cli.signal.aborted) return;
    if (stage.kind !== 'check') say(`${stage.name.padEnd(12)} ${paint('dim', stage.title)}`);
    const result = await runStage(stage, {
      ...{ root: cli.root, signal: cli.signal, run: runCommand },
      onLine: (line) => say(`  ${line}`),
      onTest: ({ title, outcome }) => {
        // Hundreds of unit tests in a few seconds need no line each; those that take minutes do.
        if (outcome === 'failed' || stage.name !== 'unit') say(`  ${marks[outcome]} ${title}`);
      },
    });
    results.set(stage, result);
    say(describe(stage, result, paint));
  };
  const checks = chosen.filter(({ kind }) => kind === 'check');
  const worker = async (): Promise<void> => {
    for (let stage = checks.shift(); stage; stage = checks.shift()) await runOne(stage);
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
  for (const stage of chosen.filter(({ kind }) => kind !== 'check')) await runOne(stage);
  return chosen.flatMap((stage) => results.get(stage) ?? []);
};

const marks = { passed: '✓', failed: '✗', skipped: '-' };

const describe = ({ name, kind, title }: Stage, { passed, failed, skipped, seconds, output }: StageResult, paint: Paint): string => {
  const verdict = failed > 0 ? paint('red', 'failed') : paint('green', 'ok    ');
  const counted = kind !== 'tests' ? paint('dim', title) : `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  const line = `${name.padEnd(12)} ${verdict} ${seconds.toFixed(1).padStart(6)} s  ${counted}`;
  return [line, ...output.map((text) => `  | ${text}`)].join('\n');
};
