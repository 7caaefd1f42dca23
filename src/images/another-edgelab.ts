/** Two edgelabs on one machine: the second one waits for what the first is making instead of making it as well. */
import { setTimeout } from 'node:timers/promises';
import { tryDocker } from '../host/host.ts';
import { until } from '../lib/until.ts';

/** How long the first one may take from the end of its container until its result is there. */
const graceSeconds = 20;

/**
 * What another edgelab made in the container of that name while this one waited. Undefined when no such container runs,
 * or when it ended without result: its edgelab failed or was killed, and what it left may be removed.
 */
export const madeByAnother = async <T>(
  container: string,
  result: () => Promise<T | undefined>,
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<T | undefined> => {
  const options = signal ? { signal } : {};
  const { stdout } = await tryDocker(['container', 'inspect', '--format={{.State.Running}}', container], options);
  if (stdout !== 'true') return undefined;
  onLine('another edgelab is making it: waiting for that');
  await tryDocker(['wait', container], options);
  const clock = { now: () => Date.now(), sleep: async (milliseconds: number) => setTimeout(milliseconds) };
  return until(result, { clock, limitSeconds: graceSeconds, everyMilliseconds: 500, signal });
};
