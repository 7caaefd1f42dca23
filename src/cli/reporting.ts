/** Opens the renderers that the options of a command ask for, as one thing that takes events. */
import { resolve } from 'node:path';
import type { LabEvent } from '../model/event.ts';
import { wantsColor, type Cli, type Shared } from './cli.ts';

export type Report = {
  emit: (event: LabEvent) => void;
  /** Everything is written once it resolves. */
  end: () => Promise<void>;
};

export type ReportOptions = Shared & { junit?: string };

export const openReport = async (cli: Cli, { json = false, junit, color, ...rest }: ReportOptions): Promise<Report> => {
  const { makeReporters } = await import('../report/report.ts');
  const reporters = makeReporters({
    tty: cli.stderr.isTTY === true && !json && rest.debug !== true,
    json,
    color: wantsColor(cli, cli.stdout, { color }),
    stdout: cli.stdout,
    stderr: cli.stderr,
    ...(junit !== undefined && { junit: resolve(cli.cwd, junit) }),
  });
  return {
    emit: (event) => {
      for (const reporter of reporters) reporter.on(event);
    },
    end: async () => {
      for (const reporter of reporters) await reporter.end();
    },
  };
};
