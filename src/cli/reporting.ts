/** Opens the renderers that the options of a command ask for, as one thing that takes events. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LabError } from '../lib/lab-error.ts';
import { messageOf } from '../lib/message-of.ts';
import type { LabEvent } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { wantsColor, type Cli, type Shared } from './cli.ts';
import { recordFile } from './run-records.ts';
import { showPath } from './topology-file.ts';
import { withUserFile } from './user-file.ts';

/** Where the events of a command go. */
export type Report = {
  emit: (event: LabEvent) => void;
  /** Does the work, tells the renderers how it ended, and resolves or throws as the work did once everything is written. */
  closeAfter: <T>(work: () => Promise<T>) => Promise<T>;
};

/** Tells nobody. */
export const silent: Report = { emit: () => undefined, closeAfter: (work) => work() };

/** `junit`: path of the JUnit file, as the user gave it. */
export type ReportOptions = Shared & { junit?: string };

/** Files of one run, in a folder of its own: the page for people, the events for programs. */
type RunFolder = {
  path: string;
  drawLab: (plan: Plan) => Promise<string>;
  /** Keep no verdicts for `edgelab claims`. */
  partial?: boolean;
  /** False where the command prints its results itself. */
  results?: boolean;
};

/** Without a folder nothing but the JUnit file is written. BadInput CLI002 at once where that could not be. */
export const openReport = async (cli: Cli, { json = false, junit, color }: ReportOptions, folder?: RunFolder): Promise<Report> => {
  // Before the work, not after it: a minute of building is not to end in a file that cannot be written.
  if (junit !== undefined) await withUserFile(junit, () => access(dirname(resolve(cli.cwd, junit)), constants.W_OK));
  const { makeReporters } = await import('../report/report.ts');
  const reporters = makeReporters({
    tty: cli.stderr.isTTY === true && !json,
    json,
    color: wantsColor(cli, cli.stdout, { color }),
    stdout: cli.stdout,
    stderr: cli.stderr,
    ...(junit !== undefined && { junit: resolve(cli.cwd, junit) }),
    ...(folder && {
      ndjson: join(folder.path, 'events.ndjson'),
      ...(folder.partial !== true && { records: join(folder.path, recordFile) }),
      html: pageIn(cli, folder),
    }),
    ...(folder?.results === false && { results: false }),
    now: cli.now,
  });
  const emit = (event: LabEvent): void => {
    for (const reporter of reporters) reporter.on(event);
  };
  const end = async (): Promise<void> => {
    for (const reporter of reporters) await reporter.end();
  };
  return {
    emit,
    closeAfter: async (work) => {
      try {
        return await work();
      } catch (error) {
        const { code, message, details } = error instanceof LabError ? error : new LabError('BUG001', messageOf(error));
        emit({ at: cli.now(), type: 'failed', failure: { code, message, details } });
        throw error;
      } finally {
        await end();
      }
    },
  };
};

const pageIn = (cli: Cli, { path, drawLab }: RunFolder): { path: string; shown: string; draw: (plan: Plan) => Promise<string> } => {
  const page = join(path, 'report.html');
  return { path: page, shown: showPath(cli, page), draw: drawLab };
};

/** `runs/question-1-20261121-100500` of the checkout; times are UTC. */
export const runFolder = ({ root, now }: Cli, name: string): string => {
  const [day = '', time = ''] = new Date(now())
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .split('T');
  return join(root, 'runs', `${name}-${day}-${time}`);
};
