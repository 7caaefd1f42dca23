/** The timeline of the HTML page: every step as a bar, by phase, with the steps that decided the total marked. */
import { findCriticalPath } from '../critical-path.ts';
import { describePhases, type Phase } from '../phase.ts';
import type { LabRecord, StepRecord } from '../run-record.ts';
import { formatSeconds } from '../text.ts';
import { type Html, html } from './markup.ts';

/** Empty before any phase has begun. `endedAt`, in milliseconds since the epoch, ends the bars of an `up` that did not come to its end. */
export const renderTimeline = (lab: LabRecord, endedAt: number): Html => {
  const phases = describePhases(lab, endedAt).filter(({ state }) => state !== 'waiting');
  if (phases.length === 0) return html``;
  const ends = [...lab.steps.values()].flatMap(({ finishedAt }) => finishedAt ?? []);
  const scale: Scale = {
    start: lab.startedAt,
    total: Math.max(1, Math.max(endedAtOf(lab, endedAt), ...ends) - lab.startedAt),
    critical: findCriticalPath(lab.steps),
  };
  return html`<section>
    <h2>Bringing up ${lab.plan.lab} <small>${formatSeconds(lab.up?.seconds ?? scale.total / 1000)}</small></h2>
    <p class="quiet">
      Steps run side by side as far as they do not need each other. <span class="key"></span> marks the chain of steps that decided how long
      it took.
    </p>
    <div class="timeline">${renderAxis(scale)} ${phases.map((phase) => renderPhase(phase, scale))}</div>
  </section>`;
};

type Scale = { start: number; /** milliseconds */ total: number; critical: ReadonlySet<string> };

const endedAtOf = ({ startedAt, up }: LabRecord, endedAt: number): number => (up === undefined ? endedAt : startedAt + up.seconds * 1000);

/** A mark every 1, 2, 5, 10, … seconds, at most ten of them. */
const renderAxis = ({ total }: Scale): Html => {
  const seconds = total / 1000;
  const unit = 10 ** Math.floor(Math.log10(seconds / 10 || 1));
  const every = [1, 2, 5, 10].map((factor) => factor * unit).find((step) => seconds / step <= 10) ?? seconds;
  const marks = Array.from({ length: Math.floor(seconds / every) + 1 }, (_, index) => index * every);
  const label = (at: number): string => `${Number(at.toFixed(1))} s`;
  return html`<div class="bar axis">
    <span></span><span class="lane">${marks.map((at) => html`<i style="left:${percent(at / seconds)}">${label(at)}</i>`)}</span
    ><span></span>
  </div>`;
};

const renderPhase = ({ title, state, seconds, startedAt = 0, steps }: Phase, scale: Scale): Html =>
  html`<details open>
    <summary class="bar phase ${state}">
      <span>${title}</span><span class="lane">${place(startedAt, seconds * 1000, scale, state)}</span><span>${formatSeconds(seconds)}</span>
    </summary>
    ${steps.map((step) => renderStep(step, scale))}
  </details> `;

const renderStep = ({ step, startedAt, finishedAt, outcome, message, lastLine }: StepRecord, scale: Scale): Html | undefined => {
  if (startedAt === undefined) return undefined;
  const length = (finishedAt ?? scale.start + scale.total) - startedAt;
  const kind = `${outcome ?? 'running'}${scale.critical.has(step.id) ? ' critical' : ''}`;
  const hint = [step.id, message ?? lastLine].filter((part) => part !== undefined).join('\n');
  return html`<div class="bar ${kind}" title="${hint}">
    <span>${step.title}</span><span class="lane">${place(startedAt, length, scale, kind)}</span><span>${formatSeconds(length / 1000)}</span>
  </div> `;
};

const place = (startedAt: number, length: number, { start, total }: Scale, kind: string): Html =>
  html`<b class="${kind}" style="left:${percent((startedAt - start) / total)};width:${percent(length / total)}"></b>`;

const percent = (share: number): string => `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;
