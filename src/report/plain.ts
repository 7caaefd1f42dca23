/** Progress without a terminal, for CI logs: one line when a phase starts or ends, no escape codes, time since the start in front. */
import { plural } from '../lib/names.ts';
import type { Instant, LabEvent, Reporter } from '../model/event.ts';
import { describePhases, type Phase } from './phase.ts';
import { describeDown, describeImages, describeNotice } from './progress-lines.ts';
import { applyEvent, emptyRun } from './run-record.ts';
import type { Screen } from './screen.ts';
import { formatRoughly, formatSeconds, makePaint, oneLine, padStart } from './text.ts';

/** Writes to stderr only. Checks and verdicts are left to who prints results. */
export const makePlainReporter = (screen: Screen): Reporter => {
  const run = emptyRun();
  const noPaint = makePaint(false);
  const shown = new Map<string, Phase['state']>();
  let image: string | undefined;

  const stamp = (at: Instant, text: string): string => {
    const start = run.labs.at(-1)?.startedAt;
    return start === undefined ? text : `[${padStart(formatSeconds((at - start) / 1000), 8)}] ${text}`;
  };
  /** Of each phase only what changed since it was last said. */
  const describeChanges = (at: Instant): string[] => {
    const lab = run.labs.at(-1);
    const phases = lab === undefined ? [] : describePhases(lab, at);
    const changed = phases.filter(({ id, state }) => state !== 'waiting' && shown.get(id) !== state);
    for (const { id, state } of changed) shown.set(id, state);
    return changed.map((phase) => stamp(at, describeChange(phase)));
  };
  const describe = (event: LabEvent): string[] => {
    switch (event.type) {
      case 'notice':
        return [describeNotice(event, noPaint)];
      case 'images': {
        const said = event.state === 'checking' || (event.state === 'building' && event.image === image);
        image = event.image;
        return said ? [] : [describeImages(event)];
      }
      case 'up-started': {
        const { lab, steps } = event.plan;
        shown.clear();
        return [stamp(event.at, event.reused ? `${lab} is there already` : `${lab}: ${plural(steps.length, 'step')}`)];
      }
      case 'step-started':
      case 'step-finished':
        return describeChanges(event.at);
      case 'up-finished': {
        const lab = run.labs.at(-1)?.plan.lab ?? 'the lab';
        return [stamp(event.at, `${lab} ${event.ok ? 'is up' : 'did not come up'} (${formatRoughly(event.seconds)})`)];
      }
      case 'scenario-started':
        return [stamp(event.at, `${event.scenario}: ${oneLine(event.title)}`)];
      case 'scenario-step': {
        const title = run.scenarios.findLast(({ name }) => name === event.scenario)?.steps[event.index]?.title ?? '';
        const message = event.message === undefined ? '' : `: ${oneLine(event.message)}`;
        return [stamp(event.at, `${event.state.padEnd(9)} ${oneLine(title)}${message}`)];
      }
      case 'action':
        return [stamp(event.at, `${event.state.padEnd(9)} ${oneLine(event.what)}`)];
      case 'down-finished':
        return [describeDown(event)];
      case 'step-output':
      case 'check':
      case 'scenario-finished':
      case 'down-started':
      case 'failed':
        return [];
    }
  };
  return {
    on(event) {
      applyEvent(run, event);
      screen.err(describe(event));
    },
    end: () => screen.settle(),
  };
};

const describeChange = ({ state, title, seconds, message, proved }: Phase): string => {
  if (state === 'running') return `${'start'.padEnd(9)} ${title}`;
  const more = message ?? proved;
  const why = more === undefined ? '' : `: ${oneLine(more)}`;
  return `${state.padEnd(9)} ${title} (${formatSeconds(seconds)})${why}`;
};
