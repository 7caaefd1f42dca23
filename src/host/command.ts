/** Runs programs of this machine; a program that fails or is not there is a result, never an exception. */
import { execa } from 'execa';

/** Without a time limit or a signal a program takes as long as it takes. */
export type CommandOptions = {
  cwd?: string;
  /** Added to the environment of edgelab itself. */
  env?: Record<string, string>;
  /** Text for stdin; without it stdin is empty. */
  input?: string;
  signal?: AbortSignal;
  timeoutSeconds?: number;
  /** Called for each complete line of stdout and stderr while it runs. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
};

/** For scripts that mean the system's own tools: npm puts folders first on PATH in which, say, `nft` is something else. */
export const systemPath = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** Outputs are without their last line end. */
export type CommandResult = {
  /** Exit code; 127 when there is no such program, 124 when it was ended by the time limit, 130 when it was cancelled. */
  code: number;
  stdout: string;
  stderr: string;
  seconds: number;
};

/** No shell. Resolves when the program itself has ended; what it started may go on, and is not waited for where a signal ended it. */
export const runCommand = async (argv: readonly [string, ...string[]], options: CommandOptions = {}): Promise<CommandResult> => {
  const [file, ...args] = argv;
  const { cwd, env, input, signal, timeoutSeconds, onLine } = options;
  const child = execa(file, args, {
    reject: false,
    // With an input of its own, execa closes stdin after it; a program must never wait for the user's keyboard here.
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    ...(cwd !== undefined && { cwd }),
    ...(env && { env }),
    ...(signal && { cancelSignal: signal }),
    ...(timeoutSeconds !== undefined && { timeout: timeoutSeconds * 1000 }),
  });
  // What it has started may go on holding the pipes after it was ended: nobody waits for that.
  const { nodeChildProcess } = child;
  nodeChildProcess.once('exit', (_, killedBy) => {
    if (killedBy === null) return;
    nodeChildProcess.stdout?.destroy();
    nodeChildProcess.stderr?.destroy();
  });
  if (onLine)
    await Promise.all([
      forEachLine(child.iterable({ from: 'stdout' }), 'stdout', onLine),
      forEachLine(child.iterable({ from: 'stderr' }), 'stderr', onLine),
    ]);
  const result = await child;
  const { stdout, stderr } = result;
  return { code: exitCodeOf(result), stdout, stderr, seconds: result.durationMs / 1000 };
};

/** Runs a program on the user's own terminal; resolves to its exit code. */
export const runAttached = async (
  argv: readonly [string, ...string[]],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<number> => {
  const [file, ...args] = argv;
  return exitCodeOf(await execa(file, args, { reject: false, stdio: 'inherit', ...options }));
};

type Ending = {
  exitCode?: number | undefined;
  timedOut: boolean;
  isCanceled: boolean;
  code?: string | undefined;
  signal?: string | undefined;
};

const exitCodeOf = ({ exitCode, timedOut, isCanceled, code, signal }: Ending): number => {
  if (timedOut) return 124;
  if (isCanceled) return 130;
  if (exitCode !== undefined) return exitCode;
  if (code === 'ENOENT') return 127;
  if (code === 'EACCES') return 126;
  return signal === 'SIGINT' ? 130 : 1;
};

const forEachLine = async (
  lines: AsyncIterable<string>,
  stream: 'stdout' | 'stderr',
  onLine: NonNullable<CommandOptions['onLine']>,
): Promise<void> => {
  try {
    for await (const line of lines) onLine(line, stream);
  } catch {
    // The iteration throws what the command's own result says as well.
  }
};
