/** Progress on a terminal: one line per phase that appears when the phase starts, with its time and what it waits for. */
import type { LabEvent, Reporter } from '../model/event.ts';
import { type ImagesEvent, imagesRow, phaseRows, scenarioRow } from './live-rows.ts';
import { type LiveBlock, type LiveRow, makeLiveBlock } from './live.ts';
import { describeDown, describeImages, describeNotice } from './progress-lines.ts';
import { applyEvent, emptyRun, type LabRecord } from './run-record.ts';
import type { Screen } from './screen.ts';
import type { Stream } from './stream.ts';
import { makePaint } from './text.ts';

/** `screen` takes lines that stay; what changes in place is drawn on `stream`. */
type TtyOptions = {
  screen: Screen;
  stream: Stream;
  color: boolean;
  /** Milliseconds since the epoch, for times that run between events. */
  now: () => number;
};

/** Lines said while a block is drawn come out when it is done. */
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
    if (event.state === 'building' && block === undefined) open(['images'], () => imagesRow(images, paint), true);
    if (event.state !== 'ready') return;
    close();
    screen.err([describeImages(event)]);
  };
  const showPhases = (lab: LabRecord): void => {
    screen.err([paint.bold(lab.plan.lab)]);
    open(
      lab.plan.phases.map(({ id }) => id),
      // what the rows say changes with every event and with time
      phaseRows(lab, { now, frame: () => `${now()} ${count}`, paint }),
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
        if (scenario !== undefined) open([event.scenario], () => scenarioRow(scenario, now(), paint), true);
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
