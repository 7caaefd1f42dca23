/** The table of a scenario: what was expected, what was observed, how it went, and which claim it proves. */
import type { Check } from '../model/check.ts';
import { standingOf } from '../lib/standing.ts';
import { widthOf } from '../lib/width.ts';
import { citeClaims, explainRefuted, markOf, sayKnown, sayRerun } from './check-words.ts';
import { type Column, layRow, measureColumns, totalWidth } from './columns.ts';
import type { ScenarioRecord, ScenarioStep } from './run-record.ts';
import { formatSeconds, makePaint, oneLine, padEnd, type Paint, wrap } from './text.ts';

type TableLooks = {
  color: boolean;
  /** Width of the terminal; Infinity where lines may be of any length. */
  columns: number;
};

const indent = '  ';
/** Below this width a `how` column is hard to read: the text then gets lines of its own. */
const leastHow = 26;

const columns: readonly Column[] = [
  { title: 'from', most: 20 },
  { title: 'to', most: 32 },
  { title: 'expected', most: 16 },
  { title: 'observed', most: 16 },
];

/** The scenario as lines: a heading, its checks grouped by step, the evidence below each check that did not hold. */
export const renderVerdictTable = (scenario: ScenarioRecord, { color, columns: available }: TableLooks): string[] => {
  const paint = makePaint(color);
  const layout = planLayout(scenario, available);
  const heading = `${paint.bold(scenario.name)}   ${oneLine(scenario.title)}`;
  const margin = layout.margin;
  const titles = layRow([...columns.map(({ title }) => title), ...(layout.how === undefined ? [] : ['how']), 'claim'], layout.widths);
  const body = groupByStep(scenario).flatMap(({ step, checks }) => [
    ...(step === undefined ? [] : [indent + describeStep(step, paint)]),
    ...checks.flatMap((check) => [...renderCheck(check, layout, paint), ...renderRerun(check, scenario, layout.margin, paint)]),
  ]);
  if (scenario.reason !== undefined) return [heading, indent + describeNotRun(scenario, paint)];
  if (scenario.checks.length === 0) return [heading, ...body];
  return [heading, ...titles.map((line) => margin + paint.dim(line)), ...body];
};

type Layout = {
  widths: number[];
  /** Width of the `how` column; undefined when it has lines of its own. */
  how: number | undefined;
  available: number;
  /** Before each row: deeper where steps are headings. */
  margin: string;
};

const planLayout = (scenario: ScenarioRecord, available: number): Layout => {
  const { checks } = scenario;
  const margin = hasHeadings(scenario) ? indent.repeat(2) : indent;
  // Where lines may be of any length nothing needs to be wrapped.
  const most = (column: Column): Column => (available === Infinity ? { ...column, most: Infinity } : column);
  const fixed = measureColumns(
    columns.map(most),
    checks.map(({ check }) => fixedCells(check)),
  );
  const [claim = 0] = measureColumns(
    [most({ title: 'claim', most: 18 })],
    checks.map(({ check }) => [citeClaims(check)]),
  );
  const [widest = 0] = measureColumns(
    [{ title: 'how', most: Infinity }],
    checks.map(({ check }) => [oneLine(check.how)]),
  );
  const left = available - margin.length - totalWidth([...fixed, 0, claim]) - ' ✓'.length;
  const how = left < Math.min(leastHow, widest) ? undefined : Math.min(left, widest);
  return { widths: [...fixed, ...(how === undefined ? [] : [how]), claim], how, available, margin };
};

const fixedCells = ({ from, to, expected, observed }: Check): string[] => [from, to, expected, observed].map(oneLine);

const renderCheck = (check: Check, { widths, how, available, margin }: Layout, paint: Paint): string[] => {
  const { mark, color } = markOf(check);
  const cells = [...fixedCells(check), ...(how === undefined ? [] : [oneLine(check.how)]), citeClaims(check)];
  const painters = [
    undefined,
    undefined,
    undefined,
    check.ok ? undefined : paint[color],
    ...(how === undefined ? [] : [paint.dim]),
    undefined,
  ];
  const [first = '', ...more] = layRow(cells, widths, { paint: painters });
  const lines = [`${margin}${padEnd(first, totalWidth(widths))} ${paint[color](mark)}`, ...more.map((line) => margin + line)];
  const stacked =
    how === undefined ? wrap(oneLine(check.how), available - margin.length - indent.length, 2).filter((line) => line !== '') : [];
  return [
    ...lines,
    ...stacked.map((line) => margin + indent + paint.dim(line)),
    ...sayKnown(check).map((line) => margin + indent + paint[color](line)),
    ...explainRefuted(check).map((line) => margin + indent + paint.dim(line)),
    ...(standingOf(check) === 'failed' ? renderEvidence(check, margin + indent.repeat(2), paint) : []),
  ];
};

const renderRerun = (check: Check, scenario: ScenarioRecord, margin: string, paint: Paint): string[] => {
  const command = standingOf(check) === 'failed' ? sayRerun(check, scenario) : undefined;
  return command === undefined ? [] : [`${margin}${indent.repeat(2)}${paint.dim(`rerun: ${command}`)}`];
};

/** Hop by hop, as in a trace: where, what was seen there, and the raw line behind it. */
const renderEvidence = ({ evidence }: Check, margin: string, paint: Paint): string[] => {
  const width = Math.max(0, ...evidence.map(({ at }) => widthOf(oneLine(at))));
  // where it is known where the packet got lost, the raw line of that place is enough
  const placed = evidence.some(({ last }) => last);
  return evidence.flatMap(({ at, saw, raw, last }) => [
    `${margin}${padEnd(oneLine(at), width)}  ${oneLine(saw)}${last ? paint.red('  ← last seen here') : ''}`,
    ...(raw === undefined || (placed && !last) ? [] : raw.trimEnd().split('\n').slice(0, 3)).map(
      (line) => `${margin}${' '.repeat(width)}  ${paint.dim(oneLine(line))}`,
    ),
  ]);
};

const describeNotRun = ({ verdict, reason = '' }: ScenarioRecord, paint: Paint): string =>
  verdict === 'skipped' ? paint.yellow(`- skipped: ${oneLine(reason)}`) : paint.red(`✗ not run: ${oneLine(reason)}`);

type Group = { step: ScenarioStep | undefined; checks: Check[] };

/** A scenario of one step that only checks needs no headings. */
const hasHeadings = ({ steps }: ScenarioRecord): boolean => steps.length > 1 || steps.some(({ message }) => message !== undefined);

const groupByStep = (scenario: ScenarioRecord): Group[] => {
  const { steps, checks } = scenario;
  const plain = !hasHeadings(scenario);
  const loose = { step: undefined, checks: checks.filter(({ step }) => plain || step === undefined).map(({ check }) => check) };
  if (plain) return [loose];
  return [loose, ...steps.map((step, index) => ({ step, checks: checks.filter((one) => one.step === index).map(({ check }) => check) }))];
};

const describeStep = ({ title, state, seconds, message }: ScenarioStep, paint: Paint): string => {
  const mark = { passed: paint.green('✓'), failed: paint.red('✗'), started: '…', waiting: paint.dim('-') }[state];
  const time = seconds === undefined ? '' : `  ${paint.dim(formatSeconds(seconds))}`;
  return `${mark} ${oneLine(title)}${time}${message === undefined ? '' : `  ${paint.red(oneLine(message))}`}`;
};
