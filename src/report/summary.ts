/** The last lines of a run: how much was as expected, how long it took, where the report is, and what to do next. */
import { plural } from '../lib/names.ts';
import { standingOf } from '../lib/standing.ts';
import type { Standing, Verdict } from '../model/check.ts';
import type { Run } from './run-record.ts';
import { renderOverview } from './overview.ts';
import { formatRoughly, makePaint } from './text.ts';

type SummaryOptions = {
  color: boolean;
  /** Path of the HTML report as the user would type it. */
  report?: string;
};

/** Checks over all scenarios. */
export const countChecks = (run: Run): { ok: number; total: number } => {
  const checks = run.scenarios.flatMap((scenario) => scenario.checks);
  return { ok: checks.filter(({ check }) => check.ok).length, total: checks.length };
};

/** Checks over all scenarios, by how they count. */
export const countStandings = (run: Run): Record<Standing, number> => {
  const standings = run.scenarios.flatMap(({ checks }) => checks.map(({ check }) => standingOf(check)));
  const count = (wanted: Standing): number => standings.filter((one) => one === wanted).length;
  return { passed: count('passed'), failed: count('failed'), known: count('known'), fixed: count('fixed') };
};

/** Scenarios by how they ended. */
export const countVerdicts = (run: Run): Record<Verdict, number> => {
  const count = (wanted: Verdict): number => run.scenarios.filter(({ verdict }) => verdict === wanted).length;
  return { passed: count('passed'), failed: count('failed'), known: count('known'), skipped: count('skipped') };
};

/** True when every lab came up, every scenario that was run passed and nothing else failed. */
export const wentWell = (run: Run): boolean =>
  run.failure === undefined &&
  run.labs.every(({ up }) => up?.ok === true) &&
  run.scenarios.every(({ verdict }) => verdict !== undefined && verdict !== 'failed');

const sum = (seconds: readonly (number | undefined)[]): number => seconds.reduce<number>((total, one = 0) => total + one, 0);

/** Seconds spent in bringing labs up; one that was up already counts with what finding that out took. */
export const upSeconds = (run: Run): number => sum(run.labs.map(({ up }) => up?.seconds));
/** Seconds spent in scenarios. */
export const scenarioSeconds = (run: Run): number => sum(run.scenarios.map(({ seconds }) => seconds));

/** No lines when there is nothing to sum up, as after a failed `up`. */
export const renderSummary = (run: Run, { color, report }: SummaryOptions): string[] => {
  const paint = makePaint(color);
  const nothing = run.scenarios.length === 0 && !(run.labs.length > 0 && run.labs.every(({ up }) => up?.ok === true));
  if (run.failure !== undefined || nothing) return [];
  const { ok, total } = countChecks(run);
  const { failed, known, fixed } = countStandings(run);
  const { skipped } = countVerdicts(run);
  const refused = run.scenarios.filter(({ verdict, reason }) => verdict === 'failed' && reason !== undefined).length;
  const wrong = [
    failed > 0 ? `${failed} not` : undefined,
    refused > 0 ? `${plural(refused, 'scenario')} not run` : undefined,
    wentWell(run) || failed > 0 || refused > 0 ? undefined : 'a step failed',
  ].filter((part) => part !== undefined);
  const names = run.labs.map(({ plan }) => plan.lab).join(', ');
  const ran = run.scenarios.length > skipped + refused;
  const reused = run.labs.every((lab) => lab.reused);
  const parts = [
    ...(run.scenarios.length === 0 ? [`${names} ${reused ? 'was up already' : 'is up'}`] : []),
    ...(ran ? [`${ok} of ${total} as expected`] : []),
    ...wrong,
    known === 0 ? undefined : plural(known, 'known failure'),
    fixed === 0 ? undefined : `${fixed} fixed`,
    skipped === 0 ? undefined : `${plural(skipped, 'scenario')} skipped`,
    reused ? undefined : `up ${formatRoughly(upSeconds(run))}`,
    ran ? `scenario ${formatRoughly(scenarioSeconds(run))}` : undefined,
    report === undefined ? undefined : `report: ${report}`,
  ].filter((part) => part !== undefined);
  const [verdict = '', ...rest] = parts;
  return [
    ...(run.scenarios.length > 1 ? [...renderOverview(run, color), ''] : []),
    [(wrong.length > 0 ? paint.red : ran || skipped === 0 ? paint.green : paint.yellow)(verdict), ...rest].join(' · '),
    ...(run.labs.length === 0 ? [] : [paint.dim(`next: ${suggestNext(run).join(' · ')}`)]),
  ];
};

/** Commands worth trying on the lab as it is now. */
const suggestNext = (run: Run): string[] => {
  const { containers = [], facts } = run.labs.findLast(({ gone }) => gone !== true)?.plan ?? {};
  const nodes = containers.filter(({ role }) => role !== 'core' && role !== 'router');
  const node = nodes.find(({ role }) => role === 'edge') ?? nodes[0];
  return [
    ...(run.scenarios.length === 0 && facts?.kubectl !== undefined ? ['./edgelab run'] : []),
    ...(node === undefined ? [] : [`./edgelab exec ${node.name}`]),
    ...(containers.length === 0 ? ['./edgelab claims'] : ['./edgelab down']),
  ];
};
