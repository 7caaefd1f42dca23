/** Runs builds as soon as what they start from is there: compilers in one lane, the rest, which mostly waits, in another. */

/** `compile`: keeps processors busy; `assemble`: mostly waits. */
export type Lane = 'compile' | 'assemble';

/** One build. */
export type Job = {
  name: string;
  /** Jobs of the same call that must be done before; other names are taken as done. */
  needs: readonly string[];
  lane: Lane;
  /** Seconds it is likely to take: the longest way to the end goes first. */
  seconds: number;
};

/** `limits`: how many jobs of a lane run at once. */
type ScheduleOptions = {
  limits: Readonly<Record<Lane, number>>;
  signal?: AbortSignal | undefined;
};

/**
 * Runs all jobs. The first failure cancels the signal that running jobs got, waits for them, and is thrown; so is the
 * reason of an aborted signal.
 */
export const runJobs = async (
  jobs: readonly Job[],
  run: (name: string, signal: AbortSignal) => Promise<void>,
  { limits, signal }: ScheduleOptions,
): Promise<void> => {
  const failure = new AbortController();
  const cancel = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const waiting = new Map(byUrgency(jobs).map((job) => [job.name, job]));
  const open = new Set(waiting.keys());
  const running = new Map<string, { lane: Lane; ended: Promise<void> }>();
  const errors: unknown[] = [];

  const start = (job: Job): void => {
    waiting.delete(job.name);
    const ended = run(job.name, cancel)
      .then(() => void open.delete(job.name))
      .catch((error: unknown) => {
        errors.push(error);
        failure.abort(error);
      })
      .finally(() => running.delete(job.name));
    running.set(job.name, { lane: job.lane, ended });
  };
  const isReady = ({ needs, lane }: Job): boolean =>
    needs.every((need) => !open.has(need)) && [...running.values()].filter((other) => other.lane === lane).length < limits[lane];

  for (;;) {
    for (const job of waiting.values()) if (!cancel.aborted && isReady(job)) start(job);
    if (running.size === 0) break;
    await Promise.race([...running.values()].map(({ ended }) => ended));
  }
  signal?.throwIfAborted();
  if (errors.length > 0) throw errors[0];
};

/** Longest remaining way first, counting a job's own seconds and those of what waits for it. */
const byUrgency = (jobs: readonly Job[]): Job[] => {
  const known = new Map<string, number>();
  const way = (job: Job): number => {
    const before = known.get(job.name);
    if (before !== undefined) return before;
    const seconds = job.seconds + Math.max(0, ...jobs.filter(({ needs }) => needs.includes(job.name)).map(way));
    known.set(job.name, seconds);
    return seconds;
  };
  return [...jobs].sort((a, b) => way(b) - way(a));
};
