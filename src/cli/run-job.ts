/** Runs a job that needs no lab in a container of the router image, under a lab name of its own. */
import type { ErrorCode } from '../lib/error-codes.ts';
import type { Job } from '../run/run.ts';
import type { Cli } from './cli.ts';

/** `prefix` begins the name under which the container could be found if this were killed. */
export const runJob = async (cli: Cli, job: Job, about: { prefix: string; what: string; code: ErrorCode }): Promise<string> => {
  const { prefix, what, code } = about;
  const [engine, { bindImages }, { runAlone }] = await Promise.all([cli.connect(), import('../images/images.ts'), import('../run/run.ts')]);
  const needed = { containers: ['router'], store: [], external: [], versions: {} };
  const { refs } = await bindImages(needed, { environment: cli.env, signal: cli.signal });
  const lab = `${prefix}-${cli.now().toString(36)}`;
  cli.cleanup = `./edgelab down ${lab}`;
  return runAlone(job, { engine, image: refs.get('router') ?? 'router', lab, what, code, signal: cli.signal });
};
