/** The face of the renderers: those that a command's options ask for, all fed by the same events. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LabEvent, Reporter } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { makeHtmlReporter } from './html/page.ts';
import { makeJsonReporter } from './json.ts';
import { makeJunitReporter } from './junit.ts';
import { makeNdjsonReporter } from './ndjson.ts';
import { makePlainReporter } from './plain.ts';
import { applyEvent, emptyRun } from './run-record.ts';
import { makeScreen, type Screen } from './screen.ts';
import type { Stream } from './stream.ts';
import { renderSummary } from './summary.ts';
import { makeRecordReporter } from './verdict-record.ts';
import { makeTtyReporter } from './tty.ts';
import { renderVerdictTable } from './verdict-table.ts';

export { renderClaims } from './claims-list.ts';
export { drawMatrix, summarizeGrid } from './grid/matrix.ts';
export { renderGrid } from './grid/page.ts';
export { renderLabGrid } from './lab-grid/page.ts';
export { drawLabGrid, summarizeLabGrid } from './lab-grid/terminal.ts';
export { describeWays } from './lab-grid/ways.ts';
export { drawRequirements, summarizeRequirements, writeRequirements } from './requirements/table.ts';
export { renderHtml, type Pictures } from './html/page.ts';
export { renderJunit } from './junit.ts';
export { readNdjson } from './ndjson.ts';
export { replay, type Run } from './run-record.ts';

/** What a command's options and streams ask for. */
export type ReporterOptions = {
  /** stderr is a terminal: progress changes in place. */
  tty: boolean;
  /** One JSON document on stdout instead of tables. */
  json: boolean;
  color: boolean;
  /** Results go here. */
  stdout: Stream;
  /** Progress and notices go here. */
  stderr: Stream;
  /** No progress. */
  quiet?: boolean;
  /** False where something else prints what came out. */
  results?: boolean;
  /** Files to write at the end; `shown` is how the user is told of the page. */
  junit?: string;
  ndjson?: string;
  records?: string;
  html?: { path: string; shown: string; draw?: (plan: Plan) => Promise<string> };
  /** Milliseconds since the epoch; Date.now when absent. */
  now?: () => number;
};

/** Give every event to each in turn, then await each `end` in turn: files first, then the summary that names them. */
export const makeReporters = (options: ReporterOptions): Reporter[] => {
  const { tty, json, color, stdout, stderr, junit, ndjson, records, html, now = Date.now } = options;
  const screen = makeScreen(
    (text) => void stdout.write(text),
    (text) => void stderr.write(text),
  );
  return [
    ...(junit === undefined ? [] : [makeJunitReporter(saveTo(junit))]),
    ...(ndjson === undefined ? [] : [makeNdjsonReporter(saveTo(ndjson))]),
    ...(records === undefined ? [] : [makeRecordReporter(saveTo(records))]),
    ...(html === undefined ? [] : [makeHtmlReporter(saveTo(html.path), html.draw)]),
    ...(options.quiet === true ? [] : [tty ? makeTtyReporter({ screen, stream: stderr, color, now }) : makePlainReporter(screen)]),
    ...(options.results === false
      ? []
      : [json ? makeJsonReporter((text) => screen.out([text.trimEnd()])) : makeResultsReporter(screen, options)]),
    { on: () => undefined, end: () => screen.settle() },
  ];
};

/** The verdict table when a scenario ends, the summary when all is over. */
const makeResultsReporter = (screen: Screen, { color, stdout, html }: ReporterOptions): Reporter => {
  const run = emptyRun();
  return {
    on(event: LabEvent) {
      applyEvent(run, event);
      const scenario = event.type === 'scenario-finished' ? run.scenarios.findLast(({ name }) => name === event.scenario) : undefined;
      if (scenario !== undefined) screen.out(['', ...renderVerdictTable(scenario, { color, columns: stdout.columns ?? Infinity })]);
    },
    end: async () => {
      const lines = renderSummary(run, { color, ...(html === undefined ? {} : { report: html.shown }) });
      if (lines.length > 0) screen.out(run.scenarios.length === 0 ? lines : ['', ...lines]);
    },
  };
};

const saveTo =
  (path: string) =>
  async (text: string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  };
