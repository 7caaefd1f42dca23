/** Ending a command inside its container: to close the client's stream does not end it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';

/** Environment variable that marks a command and, by inheritance, all processes it starts. */
export const markVariable = 'EDGELAB_EXEC';

/** How long a process may take to end itself after SIGTERM, and how long SIGKILL is repeated; milliseconds. */
const politeMilliseconds = 2000;
const forcedMilliseconds = 10_000;

/**
 * Sends a signal to every process that carries the mark, and fails when there is none. A child made between the search
 * and the signal is caught by the next round; the shell that searches has no mark itself.
 */
const signalMarked = `
  pids=$(grep -lszxF -e "$1" /proc/[0-9]*/environ | cut -d/ -f3)
  for pid in $pids; do kill -s "$2" "$pid"; done
  [ -n "$pids" ]`;

/** Asks the marked processes to end, then ends them; returns when `ended` settles or nothing more can be done. */
export async function endMarked(container: Docker.Container, mark: string, ended: Promise<unknown>): Promise<void> {
  const over = ended.then(
    () => true,
    () => true,
  );
  const overWithin = (milliseconds: number) => Promise.race([over, sleep(milliseconds, false, { ref: false })]);

  // A command that was just begun may not be there yet.
  const lastPolite = performance.now() + politeMilliseconds;
  let told = await send(container, mark, 'TERM');
  while (!told && performance.now() < lastPolite && !(await overWithin(100))) told = await send(container, mark, 'TERM');
  if (await overWithin(Math.max(0, lastPolite - performance.now()))) {
    // Children that left the command's outputs alone may outlive it.
    await send(container, mark, 'KILL');
    return;
  }
  const lastForced = performance.now() + forcedMilliseconds;
  while (performance.now() < lastForced) {
    await send(container, mark, 'KILL');
    if (await overWithin(500)) return;
  }
}

/** False when no process carries the mark; a container that no longer runs has none. */
async function send(container: Docker.Container, mark: string, signal: 'TERM' | 'KILL'): Promise<boolean> {
  const Cmd = ['/bin/sh', '-c', signalMarked, 'sh', `${markVariable}=${mark}`, signal];
  try {
    const exec = await container.exec({ Cmd, AttachStdout: true });
    const stream = await exec.start({ hijack: true });
    stream.resume();
    await Promise.race([
      new Promise((resolve) => stream.once('close', resolve).once('end', resolve)),
      sleep(5000, undefined, { ref: false }),
    ]);
    return (await exec.inspect()).ExitCode === 0;
  } catch {
    return false;
  }
}
