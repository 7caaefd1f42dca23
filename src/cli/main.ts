/** The process: hands its streams, environment and signals to the command line, and ends with its exit code. */
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Cli } from './cli.ts';
import { explainFailure } from './failure.ts';
import { catchInterrupts } from './interrupt.ts';
import { runCli } from './run-cli.ts';

// `edgelab … | head`: what nobody reads any more is dropped, and a lab that is being built is still finished or cleaned up.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const interruption = catchInterrupts(process, {
  say: (text) => process.stderr.write(`${text}\n`),
  ignore: () => cli.attached,
  cleanup: () => cli.cleanup,
  leave: (code, words) => {
    // Past the live display, which has taken over process.stderr and hidden the cursor.
    writeSync(2, `${process.stderr.isTTY ? '\u001B[?25h' : ''}${words}\n`);
    process.exit(code);
  },
});

const cli: Cli = {
  root: fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, ''),
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stdinIsTty: process.stdin.isTTY,
  now: () => Date.now(),
  signal: interruption.signal,
  cleanup: undefined,
  attached: false,
  // Loaded when a command wants it: the engine's library is half of what there is to load.
  connect: async () => (await import('../engine/docker/docker.ts')).connectDocker(process.env),
  exitCode: 0,
};

// What nobody awaited is a bug as well, and no reason for a stack trace.
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    const { text, exitCode } = explainFailure(error, { color: false, debug: process.argv.includes('--debug') });
    writeSync(2, `${text}\n${cli.cleanup === undefined ? '' : `  clean up: ${cli.cleanup}\n`}`);
    process.exit(exitCode);
  });
}

/** Resolves when all that was written has left the process: a pipe takes 64 KiB at a time, and exiting drops the rest. */
const drain = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    if (stream.writable) stream.write('', () => resolve());
    else resolve();
  });

const code = await runCli(process.argv.slice(2), cli);
await Promise.all([drain(process.stdout), drain(process.stderr)]);
process.exit(code);
