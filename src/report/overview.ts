/** The table at the end of a run over several scenarios: a line each. */
import { plural } from '../lib/names.ts';
import { standingOf } from '../lib/standing.ts';
import type { Verdict } from '../model/check.ts';
import { layRow, measureColumns } from './columns.ts';
import type { Run, ScenarioRecord } from './run-record.ts';
import { formatRoughly, makePaint, oneLine, type Paint } from './text.ts';

const marks: Record<Verdict, { mark: string; color: keyof Paint }> = {
  passed: { mark: '✓', color: 'green' },
  failed: { mark: '✗', color: 'red' },
  known: { mark: '~', color: 'yellow' },
  skipped: { mark: '-', color: 'yellow' },
};

const titles = ['scenario', 'lab', 'up', 'scenario', 'checks'];

/** In the order in which scenarios started; one that did not come to its end has the mark of a failed one. */
export const renderOverview = (run: Run, color: boolean): string[] => {
  const paint = makePaint(color);
  const rows = run.scenarios.map((scenario) => [
    scenario.name,
    scenario.reason === undefined ? (scenario.lab ?? '') : '',
    ...times(run, scenario),
    describe(scenario),
  ]);
  const widths = measureColumns(
    titles.map((title) => ({ title, most: Infinity })),
    rows,
  );
  return [
    ...layRow(titles, widths).map((line) => `    ${paint.dim(line)}`),
    ...rows.flatMap((row, index) => {
      const { mark, color: kind } = marks[run.scenarios[index]?.verdict ?? 'failed'];
      return layRow(row, widths).map((line) => `  ${paint[kind](mark)} ${line}`);
    }),
  ];
};

/** How long its lab took, unless it was up already, and how long the scenario. */
const times = (run: Run, { lab, reason, seconds, startedAt }: ScenarioRecord): [string, string] => {
  if (reason !== undefined) return ['', ''];
  const up = run.labs.findLast((one) => one.plan.lab === lab && one.startedAt <= startedAt);
  return [
    up === undefined || up.reused || up.up === undefined ? '' : formatRoughly(up.up.seconds),
    seconds === undefined ? '' : formatRoughly(seconds),
  ];
};

const describe = ({ verdict, reason, checks, steps }: ScenarioRecord): string => {
  if (reason !== undefined) return `${verdict === 'skipped' ? 'skipped' : 'not run'}: ${oneLine(reason)}`;
  const standings = checks.map(({ check }) => standingOf(check));
  const count = (wanted: string): number => standings.filter((one) => one === wanted).length;
  const [known, fixed] = [count('known'), count('fixed')];
  return [
    `${count('passed') + fixed} of ${checks.length} as expected`,
    known === 0 ? '' : plural(known, 'known failure'),
    fixed === 0 ? '' : `${fixed} fixed`,
    verdict === 'failed' && count('failed') === 0 ? `${plural(steps.filter(({ state }) => state === 'failed').length, 'step')} failed` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
};
