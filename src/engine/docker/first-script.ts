/** A container's first process as the carrier of a script: what it runs, and how its end is seen from outside. */
import type Docker from 'dockerode';
import type { ExecResult, FirstScript } from '../engine.ts';
import { collectOutput } from './output.ts';

/** The last line of what the script prints: this word and its exit code. */
const endWord = 'edgelab-first-script-ended';
const endOfOutput = new RegExp(`\\n${endWord} \\d+\\n$`);

/** Lies in the container's own layer, so that a restart, which edgelab wires by itself, does not run the script again. */
const doneFile = '/.edgelab-first-script-done';

/** Values come as words, not in the container's environment, which every later command in it would get. */
const runFirst = `if [ ! -e ${doneFile} ]; then
  text=$1
  input=$2
  shift 2
  (
    [ $# = 0 ] || export "$@"
    printf %s "$input" | /bin/sh -c "$text"
  )
  code=$?
  [ "$code" != 0 ] || : > ${doneFile}
  printf '\\n%s %s\\n' ${endWord} "$code"
  [ "$code" = 0 ] || exit "$code"
fi
exec sleep infinity`;

/** The command of a container whose image starts what it is given. */
export const firstCommand = ({ text, env, stdin = '' }: FirstScript): string[] => [
  ...['/bin/sh', '-c', runFirst, 'edgelab', text, stdin],
  ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
];

/**
 * Watches a container that has not been started yet. `ended` resolves when the script has ended, or the container has; after `stop` or
 * the signal's abort with what there is by then.
 */
export const watchFirst = async (
  container: Docker.Container,
  { onLine }: FirstScript,
  signal?: AbortSignal,
): Promise<{ ended: Promise<ExecResult>; stop: () => void }> => {
  const stream = (await container.attach({ stream: true, stdout: true, stderr: true })) as NodeJS.ReadWriteStream & { destroy: () => void };
  const begun = performance.now();
  let code: number | undefined;
  const { ended, texts } = collectOutput(stream, {
    onLine: (line, output) => {
      const [word, number] = line.split(' ');
      if (word === endWord) {
        code = Number(number);
        // One that failed ends by itself, after its last words on stderr.
        if (code === 0) stream.destroy();
      } else if (line !== '') onLine?.(line, output);
    },
  });
  const stop = (): void => stream.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const result = ended
    .finally(() => signal?.removeEventListener('abort', stop))
    .then(() => {
      const { stdout, stderr } = texts();
      const seconds = (performance.now() - begun) / 1000;
      // a container that was killed says no code
      return { code: code ?? 137, stdout: stdout.replace(endOfOutput, ''), stderr, seconds, timedOut: false };
    });
  // Told by whoever waits for it: nobody does when the container cannot be started.
  result.catch(() => undefined);
  return { ended: result, stop };
};
