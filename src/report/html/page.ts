/** One self-contained HTML page about a run: verdicts with their evidence, the lab's picture, and where the time went. */
import { messageOf } from '../../lib/message-of.ts';
import type { LabEvent, Reporter } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { Plan } from '../../model/plan.ts';
import { applyEvent, emptyRun, type LabRecord, type Run } from '../run-record.ts';
import { countChecks, countStandings, scenarioSeconds, upSeconds, wentWell } from '../summary.ts';
import { formatSeconds } from '../text.ts';
import { renderDocument } from './document.ts';
import { html, type Html, trusted } from './markup.ts';
import { renderTimeline } from './timeline.ts';
import { renderVerdicts } from './verdicts.ts';

/** Picture of a lab, by its name: SVG markup, or Mermaid source, which is shown as text. */
export type Pictures = ReadonlyMap<string, string>;

/** The whole page as text. A lab without a picture in `pictures` has none on the page; one that was up already has no timeline. */
export const renderHtml = (run: Run, pictures: Pictures = new Map()): string => {
  const labs = [...new Map(run.labs.map((lab) => [lab.plan.lab, lab])).values()];
  const title = [...labs.map(({ plan }) => plan.lab), ...run.scenarios.map(({ name }) => name)].join(' · ') || 'edgelab';
  return renderDocument(
    title,
    html`${renderHead(run, title)} ${run.failure === undefined ? undefined : renderFailure(run.failure)}
    ${run.scenarios.map(renderVerdicts)} ${labs.map((lab) => renderPicture(lab, pictures))}
    ${run.labs.filter(({ reused }) => !reused).map((lab) => renderTimeline(lab, run.lastAt))}`,
  );
};

/** Hands the page to `save` at the end; `draw` makes the picture of a lab. */
export const makeHtmlReporter = (save: (text: string) => Promise<void>, draw?: (plan: Plan) => Promise<string>): Reporter => {
  const run = emptyRun();
  return {
    on: (event: LabEvent) => applyEvent(run, event),
    end: async () => {
      const pictures = new Map<string, string>();
      for (const { plan } of draw === undefined ? [] : run.labs) pictures.set(plan.lab, await draw!(plan).catch(describeProblem));
      await save(renderHtml(run, pictures));
    },
  };
};

/** A missing picture is no reason to lose the report. */
const describeProblem = (error: unknown): string => `The lab could not be drawn: ${messageOf(error)}`;

const renderHead = (run: Run, title: string): Html => {
  const { ok, total } = countChecks(run);
  const { known, fixed } = countStandings(run);
  const good = wentWell(run);
  const badge = total === 0 ? (good ? 'up' : 'failed') : `${ok} of ${total} as expected`;
  const fact = (name: string, value: string): Html => html`<span class="quiet">${name} <b>${value}</b></span>`;
  return html`<header>
    <h1>${title} <span class="badge ${good ? '' : 'bad'}">${badge}</span></h1>
    <div class="facts">
      ${run.startedAt === undefined ? undefined : fact('started', new Date(run.startedAt).toISOString().replace('T', ' ').replace(/\..*/, ' UTC'))}
      ${run.labs.length === 0 ? undefined : fact('up', run.labs.every(({ reused }) => reused) ? 'was up already' : formatSeconds(upSeconds(run)))}
      ${known === 0 ? undefined : fact('known failures', String(known))} ${fixed === 0 ? undefined : fact('fixed', String(fixed))}
      ${run.scenarios.length === 0 ? undefined : fact('scenario', formatSeconds(scenarioSeconds(run)))}
    </div>
    ${run.notices.map(({ level, text }) => html`<p class="${level === 'warning' ? 'bad' : 'quiet'}">${text}</p>`)}
  </header>`;
};

const renderFailure = ({ code, message, details }: Failure): Html => {
  const { outputTail, limitSeconds, ...rest } = details;
  const names: Record<string, string> = { lastObservation: 'last seen', cleanup: 'clean up' };
  const rows = Object.entries(rest).map(
    ([key, value]) =>
      html`<dt>${names[key] ?? key}</dt>
        <dd>${value}</dd>`,
  );
  return html`<section>
    <h2 class="bad">${code} <small>${message}</small></h2>
    <dl>
      ${rows}${
        limitSeconds === undefined
          ? undefined
          : html`<dt>limit</dt>
              <dd>${limitSeconds} s</dd>`
      }
    </dl>
    ${outputTail === undefined ? undefined : html`<pre>${outputTail}</pre>`}
  </section>`;
};

const renderPicture = ({ plan }: LabRecord, pictures: Pictures): Html | undefined => {
  const picture = pictures.get(plan.lab);
  if (picture === undefined) return undefined;
  // The prolog of an SVG file has no place inside a page.
  const svg = /<svg[\s\S]*<\/svg>/.exec(picture)?.[0];
  return svg === undefined ? html`<figure><pre>${picture}</pre></figure>` : html`<figure>${trusted(svg)}</figure>`;
};
