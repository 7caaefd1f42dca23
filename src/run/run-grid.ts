/** Runs the hole-punch grid in one container of its own, which is removed whatever happens. */
import type { Engine, Ownership } from '../engine/engine.ts';
import { LabError } from '../lib/lab-error.ts';
import type { Grid } from '../model/grid.ts';

export type GridOptions = {
  engine: Engine;
  /** Reference of the router image. */
  image: string;
  /** Name of the lab that the container belongs to, of no other. */
  lab: string;
  signal: AbortSignal;
};

const container = 'grid';

/** Output of the grid's script; throws LabError GRID001 when it fails. */
export const runGrid = async (grid: Grid, { engine, image, lab, signal }: GridOptions): Promise<string> => {
  const owner: Ownership = { lab, planHash: 'grid', topology: '' };
  const spec = {
    name: container,
    image: 'router',
    hostname: container,
    privilege: 'node',
    interfaces: [],
    store: false,
    role: 'grid',
  } as const;
  try {
    await engine.ensureContainer(owner, { ...spec, interfaces: [] }, image, undefined, signal);
    await engine.writeFiles(lab, container, grid.files, signal);
    const { code, stdout, stderr, timedOut } = await engine.exec(lab, container, ['/bin/sh', '-c', grid.script], {
      signal,
      timeoutSeconds: grid.timeoutSeconds,
    });
    if (code === 0) return stdout;
    throw new LabError('GRID001', timedOut ? `the grid was not done within ${grid.timeoutSeconds} s` : 'the grid could not be run', {
      step: 'hole-punch grid',
      lastObservation: `exit code ${code}`,
      outputTail: stderr.split('\n').slice(-20).join('\n').trim(),
    });
  } finally {
    await engine.remove(lab);
  }
};
