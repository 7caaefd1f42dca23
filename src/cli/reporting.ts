/** Opens the renderers that the options of a command ask for, as one thing that takes events. */
import { resolve } from 'node:path';
import { LabError } from '../lib/lab-error.ts';
import type { LabEvent } from '../model/event.ts';
import { wantsColor, type Cli, type Shared } from './cli.ts';

export type Report = {
  emit: (event: LabEvent) => void;
  /** Does the work, tells the renderers how it ended, and resolves or throws as the work did once everything is written. */
  closeAfter: <T>(work: () => Promise<T>) => Promise<T>;
};

export type ReportOptions = Shared & { junit?: string };

export const openReport = async (cli: Cli, { json = false, junit, color }: ReportOptions): Promise<Report> => {
  const { makeReporters } = await import('../report/report.ts');
  const reporters = makeReporters({
    tty: cli.stderr.isTTY === true && !json,
    json,
    color: wantsColor(cli, cli.stdout, { color }),
    stdout: cli.stdout,
    stderr: cli.stderr,
    ...(junit !== undefined && { junit: resolve(cli.cwd, junit) }),
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
        const { code, message, details } =
          error instanceof LabError ? error : new LabError('BUG001', error instanceof Error ? error.message : String(error));
        emit({ at: cli.now(), type: 'failed', failure: { code, message, details } });
        throw error;
      } finally {
        await end();
      }
    },
  };
};
