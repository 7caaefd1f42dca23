/** Progress on a terminal: one line per phase that appears when the phase starts, with its time and what it waits for. */
import { standingOf } from '../lib/standing.ts';
import type { LabEvent, Reporter } from '../model/event.ts';
import { type LiveBlock, type LiveRow, makeLiveBlock } from './live.ts';
import { describePhases, type Phase } from './phase.ts';
import { describeDown, describeImages, describeNotice } from './progress-lines.ts';
import { applyEvent, emptyRun, type LabRecord, type ScenarioRecord } from './run-record.ts';
import type { Screen } from './screen.ts';
import type { Stream } from './stream.ts';
import { formatRunning, formatSeconds, makePaint, oneLine, padEnd, padStart, type Paint, plural, widthOf } from './text.ts';

export type TtyOptions = {
  screen: Screen;
  stream: Stream;
  color: boolean;
  /** Milliseconds since the epoch, for times that run between events. */
  now: () => number;
};

type ImagesEvent = Extract<LabEvent, { type: 'images' }>;

export const makeTtyReporter = ({ screen, stream, color, now }: TtyOptions): Reporter => {
  const run = emptyRun();
  const paint = makePaint(color);
  let count = 0;
  let images: ImagesEvent | undefined;
  let block: LiveBlock | undefined;

  const open = (keys: readonly string[], look: (key: string) => LiveRow, vanish = false): void => {
    const opened = makeLiveBlock({ stream, paint, keys, look, vanish });
    block = opened;
    screen.during(() => opened.run());
  };
  const close = (): void => {
    block?.close();
    block = undefined;
  };
  const showImages = (event: ImagesEvent): void => {
    images = event;
    if (event.state === 'building' && block === undefined) open(['images'], () => describeBuilding(images, paint), true);
    if (event.state !== 'ready') return;
    close();
    screen.err([describeImages(event)]);
  };
  const showPhases = (lab: LabRecord): void => {
    screen.err([paint.bold(lab.plan.lab)]);
    const width = Math.max(...lab.plan.phases.map(({ title }) => widthOf(title)));
    let seen = { frame: '', phases: new Map<string, Phase>() };
    const look = (id: string): LiveRow => {
      // One frame asks for every row in turn: go through the steps once for all of them.
      const frame = `${now()} ${count}`;
      if (seen.frame !== frame) seen = { frame, phases: new Map(describePhases(lab, now()).map((phase) => [phase.id, phase])) };
      return describeRow(seen.phases.get(id), width, paint);
    };
    open(
      lab.plan.phases.map(({ id }) => id),
      look,
    );
  };
  const show = (event: LabEvent): void => {
    const lab = run.labs.at(-1);
    const scenario = run.scenarios.at(-1);
    switch (event.type) {
      case 'notice':
        screen.err([describeNotice(event, paint)]);
        break;
      case 'images':
        showImages(event);
        break;
      case 'up-started':
        if (lab !== undefined && !lab.reused) showPhases(lab);
        break;
      case 'up-finished':
        close();
        if (lab?.reused === true) screen.err([`${paint.bold(lab.plan.lab)}  was up already`]);
        break;
      case 'scenario-started':
        if (scenario !== undefined) open([event.scenario], () => describeScenario(scenario, now(), paint), true);
        break;
      case 'scenario-finished':
      case 'down-started':
        close();
        break;
      case 'down-finished':
        screen.err([describeDown(event)]);
        break;
      case 'step-started':
      case 'step-output':
      case 'step-finished':
      case 'scenario-step':
      case 'check':
      case 'action':
      case 'failed':
        break;
    }
  };
  return {
    on(event) {
      applyEvent(run, event);
      count += 1;
      show(event);
    },
    end: () => {
      close();
      return screen.settle();
    },
  };
};

const describeBuilding = (event: ImagesEvent | undefined, paint: Paint): LiveRow =>
  event === undefined ? { text: '' } : { text: `${describeImages(event)}  ${paint.dim(oneLine(event.line ?? ''))}`.trimEnd() };

const describeRow = (phase: Phase | undefined, width: number, paint: Paint): LiveRow => {
  if (phase === undefined || phase.state === 'waiting') return { text: '' };
  const { state, title, seconds, waitsFor, message, proved } = phase;
  const running = state === 'running';
  const time = padStart(running ? formatRunning(seconds) : formatSeconds(seconds), 10);
  const tail = running
    ? paint.dim(oneLine(waitsFor ?? ''))
    : message === undefined
      ? paint.dim(oneLine(proved ?? ''))
      : paint.red(oneLine(message));
  return { text: `${padEnd(title, width)} ${time}   ${tail}`.trimEnd(), ...(running ? {} : { end: state }) };
};

const describeScenario = ({ name, title, steps, checks, startedAt }: ScenarioRecord, now: number, paint: Paint): LiveRow => {
  const wrong = checks.filter(({ check }) => standingOf(check) === 'failed').length;
  const step = steps.find(({ state }) => state === 'started');
  const parts = [
    `${paint.bold(name)}  ${formatRunning((now - startedAt) / 1000)}`,
    ...(checks.length === 0 ? [] : [plural(checks.length, 'check')]),
    ...(wrong === 0 ? [] : [paint.red(`${wrong} not as expected`)]),
    paint.dim(oneLine(step?.title ?? title)),
  ];
  return { text: parts.join('  ') };
};
