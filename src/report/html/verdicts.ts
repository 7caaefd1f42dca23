/** The verdict table of the HTML page: one line per check, which opens on the evidence behind it. */
import { sayPath } from '../../lib/path-words.ts';
import { standingOf } from '../../lib/standing.ts';
import type { Check } from '../../model/check.ts';
import type { ScenarioRecord, ScenarioStep } from '../run-record.ts';
import { formatSeconds } from '../text.ts';
import { citeClaims, explainRefuted, markOf, sayKnown, sayRerun } from '../check-words.ts';
import { type Html, html } from './markup.ts';

/** A section of the page, in which checks that failed are open; known failures are not. Of a scenario that was not run, the reason only. */
export const renderVerdicts = (scenario: ScenarioRecord): Html => {
  const { name, title, checks, steps, seconds, reason, verdict } = scenario;
  if (reason !== undefined) {
    return html`<section>
      <h2>${name} <small>${title}</small></h2>
      <p class="${verdict === 'skipped' ? 'quiet' : 'bad'}">${verdict === 'skipped' ? 'skipped' : 'not run'}: ${reason}</p>
    </section>`;
  }
  const ok = checks.filter(({ check }) => check.ok).length;
  const loose = checks.filter(({ step }) => step === undefined);
  return html`<section>
    <h2>${name} <small>${title}</small></h2>
    <p class="quiet">
      ${ok} of ${checks.length} as expected${seconds === undefined ? '' : ` · ${formatSeconds(seconds)}`} · a line opens on its evidence
    </p>
    <div class="verdicts">
      <div class="check head">
        <span></span><span>from</span><span>to</span><span>expected</span><span>observed</span><span>how</span><span>claim</span>
      </div>
      ${loose.map(({ check }) => renderCheck(check, scenario))}
      ${steps.map((step, index) =>
        renderStep(
          step,
          scenario,
          steps.length,
          checks.filter((one) => one.step === index).map(({ check }) => check),
        ),
      )}
    </div>
    ${renderActions(scenario)}
  </section>`;
};

/** Action and reaction on one line of time, milliseconds from the start of the scenario. */
const renderActions = ({ actions, startedAt }: ScenarioRecord): Html | undefined =>
  actions.length === 0
    ? undefined
    : html`<h3>What was done to the lab</h3>
        <dl>
          ${actions
            .toSorted((a, b) => a.at - b.at)
            .map(
              ({ at, what, state }) =>
                html`<dt>${at - startedAt} ms</dt>
                  <dd class="${state === 'failed' ? 'bad' : ''}">${state}: ${what}</dd>`,
            )}
        </dl>`;

const renderStep = (
  { title, state, seconds, message }: ScenarioStep,
  scenario: ScenarioRecord,
  count: number,
  checks: readonly Check[],
): Html => {
  const time = seconds === undefined ? '' : formatSeconds(seconds);
  const heading = html`<div class="step ${state}">
    <b>${title}</b> <span class="quiet">${time}</span> <span class="bad">${message}</span>
  </div>`;
  return html`${count > 1 || message !== undefined ? heading : undefined}${checks.map((check) => renderCheck(check, scenario))}`;
};

const renderCheck = (check: Check, scenario: ScenarioRecord): Html => {
  const { from, to, expected, observed, how, claims, ok, evidence, seconds, id } = check;
  const standing = standingOf(check);
  const look = { passed: 'good', fixed: 'good', known: 'known', failed: 'bad' }[standing];
  const cells = html`<span class="mark ${look}">${markOf(check).mark}</span><span>${from}</span><span>${to}</span> <span>${expected}</span
    ><span class="${ok ? '' : look}">${observed}</span><span class="how">${how}</span><span class="claim">${citeClaims(check)}</span>`;
  const rerun = standing === 'failed' ? sayRerun(check, scenario) : undefined;
  const hops = evidence.map(
    ({ at, saw, raw, last }) =>
      html`<tr>
        <th>${at}</th>
        <td>
          ${saw}${last ? html` <b class="bad">last seen here</b>` : undefined}${raw === undefined ? undefined : html`<pre>${raw}</pre>`}
        </td>
      </tr> `,
  );
  return html`<details${standing === 'failed' ? html` open` : undefined} class="${standing}"><summary class="check">${cells}</summary>
<div class="evidence"><p class="quiet">${id} · ${formatSeconds(seconds)} · ${claims.join(', ')}${check.path && ` · ${sayPath(check.path)}`}</p>${sayKnown(check).map((line) => html`<p class="${look}">${line}</p>`)}${explainRefuted(check).map((line) => html`<p>${line}</p>`)}${rerun === undefined ? undefined : html`<p>rerun: <code>${rerun}</code></p>`}
<table>${
    hops.length === 0
      ? html`<tr>
          <td class="quiet">no evidence was recorded</td>
        </tr>`
      : hops
  }</table></div>
</details>
`;
};
