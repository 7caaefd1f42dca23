/** What the rows of a live block say at a moment. */
import { plural } from '../lib/names.ts';
import { standingOf } from '../lib/standing.ts';
import { widthOf } from '../lib/width.ts';
import type { Instant, LabEvent } from '../model/event.ts';
import type { LiveRow } from './live.ts';
import { describePhases, type Phase } from './phase.ts';
import { describeImages } from './progress-lines.ts';
import type { LabRecord, ScenarioRecord } from './run-record.ts';
import { formatRunning, formatSeconds, oneLine, padEnd, padStart, type Paint } from './text.ts';

/** Says how far looking for images, or building them, has come. */
export type ImagesEvent = Extract<LabEvent, { type: 'images' }>;

/** `images   building node (3 of 14)`, and the last line of what builds it. */
export const imagesRow = (event: ImagesEvent | undefined, paint: Paint): LiveRow =>
  event === undefined ? { text: '' } : { text: `${describeImages(event)}  ${paint.dim(oneLine(event.line ?? ''))}`.trimEnd() };

/** The row of each phase, by its id; `frame` changes whenever a row may. */
export const phaseRows = (
  lab: LabRecord,
  { now, frame, paint }: { now: () => Instant; frame: () => string; paint: Paint },
): ((id: string) => LiveRow) => {
  const width = Math.max(...lab.plan.phases.map(({ title }) => widthOf(title)));
  let seen = { frame: '', phases: new Map<string, Phase>() };
  return (id) => {
    // One frame asks for every row in turn: go through the steps once for all of them.
    const current = frame();
    if (seen.frame !== current) seen = { frame: current, phases: new Map(describePhases(lab, now()).map((phase) => [phase.id, phase])) };
    return phaseRow(seen.phases.get(id), width, paint);
  };
};

const phaseRow = (phase: Phase | undefined, width: number, paint: Paint): LiveRow => {
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

/** Time, checks so far, and the step at hand. */
export const scenarioRow = ({ name, title, steps, checks, startedAt }: ScenarioRecord, now: Instant, paint: Paint): LiveRow => {
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
