/** Runs one job in a container of its own, which is removed whatever happens: trials that need no lab, only a kernel. */
import type { Engine, Ownership } from '../engine/engine.ts';
import type { ErrorCode } from '../lib/error-codes.ts';
import { LabError } from '../lib/lab-error.ts';
import type { FileSpec } from '../model/plan.ts';

/** Files that are put into the container, then the text of a script for `/bin/sh` there. */
export type Job = { files: readonly FileSpec[]; script: string; timeoutSeconds: number };

/** Where a job is run, and how its failure is told. */
export type AloneOptions = {
  engine: Engine;
  /** Reference of the router image. */
  image: string;
  /** Name of the lab that the container belongs to, of no other. */
  lab: string;
  /** For people: `the hole-punch grid`. */
  what: string;
  /** Of the error when it fails. */
  code: ErrorCode;
  signal: AbortSignal;
};

const container = 'alone';

/** Output of the job's script; throws LabError with that code when it fails. */
export const runAlone = async (job: Job, { engine, image, lab, what, code: failure, signal }: AloneOptions): Promise<string> => {
  const owner: Ownership = { lab, planHash: container, topology: '' };
  const spec = {
    ...{ name: container, image: 'router', hostname: container, privilege: 'node' as const, interfaces: [] },
    ...{ store: false, role: container },
  };
  try {
    await engine.ensureContainer(owner, spec, { image }, signal);
    await engine.writeFiles(lab, container, job.files, signal);
    const { code, stdout, stderr, timedOut } = await engine.exec(lab, container, ['/bin/sh', '-c', job.script], {
      signal,
      timeoutSeconds: job.timeoutSeconds,
    });
    if (code === 0) return stdout;
    throw new LabError(failure, timedOut ? `${what} was not done within ${job.timeoutSeconds} s` : `${what} could not be run`, {
      step: what,
      lastObservation: `exit code ${code}`,
      outputTail: stderr.split('\n').slice(-20).join('\n').trim(),
    });
  } finally {
    await engine.remove(lab);
  }
};
