/** From a topology to a running lab: refuses what the host cannot do, gets the images, then runs the plan. */
import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import type { RunningLab } from '../run/run.ts';
import type { Cli } from './cli.ts';
import { prepareImages } from './prepare-images.ts';
import { requireLinks } from './require-links.ts';
import type { Report } from './reporting.ts';
import type { LoadedTopology } from './topology-file.ts';

type BringUpOptions = {
  report: Report;
  engine: Engine;
  /** Leave a lab that failed as it is. */
  keep: boolean;
};

/**
 * Rejects with a HOST code where this machine cannot carry the lab, HOST011 where it cannot make its links, and as `up` of the run
 * room does. Once steps may have begun, a second Ctrl-C says how to take the lab down.
 */
export const bringUp = async (
  cli: Cli,
  { lab, plan, file }: LoadedTopology,
  { report, engine, keep }: BringUpOptions,
): Promise<RunningLab> => {
  const { requireHost } = await import('../host/host.ts');
  const { up } = await import('../run/run.ts');
  const things = await engine.list(lab.name);
  const running = things.some(({ kind, state }) => kind === 'container' && state === 'running');
  const machine = await requireHost({ plan, engine, running });
  report.emit({ at: cli.now(), type: 'notice', level: 'info', text: machine });
  const images = await prepareImages(cli, plan, report.emit);
  await requireLinks(plan, images);
  cli.cleanup = `./edgelab down ${lab.name}`;
  return up({
    ...{ lab, plan, engine, images, keep, topologyFile: file, emit: report.emit, signal: cli.signal, now: cli.now },
    runsDirectory: join(cli.root, 'runs'),
  });
};
