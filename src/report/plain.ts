/** Progress without a terminal, for CI logs: one line when a phase starts or ends, no escape codes, time since the start in front. */
import type { LabEvent, Reporter } from '../model/event.ts';
import { describePhases, type Phase } from './phase.ts';
import { describeDown, describeImages, describeNotice } from './progress-lines.ts';
import { applyEvent, emptyRun } from './run-record.ts';
import type { Screen } from './screen.ts';
import { formatRoughly, formatSeconds, makePaint, oneLine, padStart, plural } from './text.ts';

export const makePlainReporter = (screen: Screen): Reporter => {
  const run = emptyRun();
  const noPaint = makePaint(false);
  const shown = new Map<string, Phase['state']>();
  let image: string | undefined;
  const say = (at: number, text: string): void => {
    const start = run.labs.at(-1)?.startedAt;
    const time = start === undefined ? '' : `[${padStart(formatSeconds((at - start) / 1000), 8)}] `;
    screen.err([time + text]);
  };
  /** Says of each phase only what changed since it was last said. */
  const sayPhases = (at: number): void => {
    const lab = run.labs.at(-1);
    for (const phase of lab === undefined ? [] : describePhases(lab, at)) {
      if (shown.get(phase.id) === phase.state || phase.state === 'waiting') continue;
      const state = phase.state === 'running' ? 'start' : phase.state;
      const time = phase.state === 'running' ? '' : ` (${formatSeconds(phase.seconds)})`;
      say(at, `${state.padEnd(9)} ${phase.title}${time}${phase.message === undefined ? '' : `: ${oneLine(phase.message)}`}`);
      shown.set(phase.id, phase.state);
    }
  };
  const on = (event: LabEvent): void => {
    applyEvent(run, event);
    switch (event.type) {
      case 'notice':
        return screen.err([describeNotice(event, noPaint)]);
      case 'images':
        if (event.state === 'building' && event.image === image) return;
        image = event.image;
        return event.state === 'checking' ? undefined : screen.err([describeImages(event)]);
      case 'up-started':
        shown.clear();
        return say(
          event.at,
          event.reused ? `${event.plan.lab} is there already` : `${event.plan.lab}: ${plural(event.plan.steps.length, 'step')}`,
        );
      case 'step-started':
      case 'step-finished':
        return sayPhases(event.at);
      case 'up-finished':
        return say(
          event.at,
          `${run.labs.at(-1)?.plan.lab ?? 'the lab'} ${event.ok ? 'is up' : 'did not come up'} (${formatRoughly(event.seconds)})`,
        );
      case 'scenario-started':
        return say(event.at, `${event.scenario}: ${oneLine(event.title)}`);
      case 'scenario-step': {
        const step = run.scenarios.findLast(({ name }) => name === event.scenario)?.steps[event.index];
        const message = event.message === undefined ? '' : `: ${oneLine(event.message)}`;
        return step === undefined ? undefined : say(event.at, `${event.state.padEnd(9)} ${oneLine(step.title)}${message}`);
      }
      case 'down-finished':
        return screen.err([describeDown(event)]);
      case 'step-output':
      case 'check':
      case 'scenario-finished':
      case 'down-started':
      case 'failed':
        return;
    }
  };
  return { on, end: () => screen.settle() };
};
