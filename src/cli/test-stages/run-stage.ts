/** Runs one stage as a program of its own and counts what passed. */
import { dirname, join } from 'node:path';
import type { CommandOptions, CommandResult } from '../../host/host.ts';
import type { Stage, StageName } from './stages.ts';
import { makeTapReader, type TapTest } from './tap.ts';

/** Counts of tests; a check or a preparation is one. */
export type StageResult = {
  stage: StageName;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
  /** What to read where something failed: output of the check, or each failed test. */
  output: string[];
};

/** `root`: the checkout, in which the tools run. */
export type StageOptions = {
  root: string;
  signal: AbortSignal;
  run: (argv: readonly [string, ...string[]], options: CommandOptions) => Promise<CommandResult>;
  /** Called for each line that a preparation says: it may take minutes. */
  onLine: (line: string) => void;
  /** Called for each test as it ends. */
  onTest: (test: TapTest) => void;
};

/** Resolves also when something failed. Tools get a PATH that begins with the Node.js of this process. */
export const runStage = (stage: Stage, options: StageOptions): Promise<StageResult> =>
  stage.kind === 'tests' ? runTests(stage, options) : runCheck(stage, options);

const runCheck = async (stage: Stage, { root, signal, run, onLine }: StageOptions): Promise<StageResult> => {
  const { code, stdout, stderr, seconds } = await run(program(stage, root), {
    ...{ cwd: root, signal, env: environment },
    ...(stage.kind === 'preparation' && { onLine }),
  });
  const ok = code === 0;
  return {
    stage: stage.name,
    passed: ok ? 1 : 0,
    failed: ok ? 0 : 1,
    skipped: 0,
    seconds,
    output: ok ? [] : [...lines(stdout), ...lines(stderr)],
  };
};

const runTests = async (stage: Stage, { root, signal, run, onTest }: StageOptions): Promise<StageResult> => {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const output: string[] = [];
  const reader = makeTapReader((test) => {
    counts[test.outcome] += 1;
    if (test.outcome === 'failed') output.push(`✗ ${test.title}`, ...test.details);
    onTest(test);
  });
  const onLine: CommandOptions['onLine'] = (line, stream) => stream === 'stdout' && reader.read(line);
  const { code, stderr, seconds } = await run(program(stage, root), { cwd: root, signal, env: environment, onLine });
  reader.end();
  if (code !== 0 && counts.failed === 0) {
    // Nothing that was counted failed, and yet all is not well: a file that cannot be loaded, no files, an early exit.
    counts.failed = 1;
    output.push(`✗ ava ended with exit code ${code}`, ...lines(stderr));
  }
  return { stage: stage.name, ...counts, seconds, output };
};

/** The Node.js that runs edgelab also runs the tools: the first one on PATH may be too old. */
const environment = { PATH: `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`, NO_COLOR: '1' };

const program = ({ argv: [name, ...args] }: Stage, root: string): [string, ...string[]] => [process.execPath, join(root, name), ...args];

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
