/** What all reports say of a check beside its row: which claims it settles, and what is known of its failure. */
import { findClaim } from '../claims/claims.ts';
import { describeKnown, standingOf } from '../lib/standing.ts';
import { quoteWords } from '../lib/quote.ts';
import type { Check, Standing } from '../model/check.ts';
import type { ScenarioRecord } from './run-record.ts';

/** `S000-Q1-7,9 S000-ENV-1`: the common part of neighbouring claims is written once. */
export const shortenClaims = (claims: readonly string[]): string => {
  const groups: { prefix: string; rest: string[] }[] = [];
  for (const claim of claims) {
    const cut = claim.lastIndexOf('-') + 1;
    const prefix = claim.slice(0, cut);
    const last = groups.at(-1);
    if (cut > 0 && last?.prefix === prefix) last.rest.push(claim.slice(cut));
    else groups.push({ prefix, rest: [claim.slice(cut)] });
  }
  return groups.map(({ prefix, rest }) => prefix + rest.join(',')).join(' ');
};

/** The claims of a check as one cell: those it proves, then those it refutes. */
export const citeClaims = ({ claims, refutes = [] }: Check): string =>
  [shortenClaims(claims), refutes.length === 0 ? '' : `refutes ${shortenClaims(refutes)}`].filter((text) => text !== '').join(' ');

/** `S000-Q1-5 is refuted: kube-proxy rejects them …`, a line for each claim that a check which held refutes. */
export const explainRefuted = ({ refutes = [], ok }: Check): string[] =>
  ok ? refutes.map((id) => `${id} is refuted: ${findClaim(id)?.wrong ?? 'the opposite was seen'}`) : [];

const marks: Record<Standing, { mark: string; color: 'green' | 'red' | 'yellow' | 'cyan' }> = {
  passed: { mark: '✓', color: 'green' },
  failed: { mark: '✗', color: 'red' },
  known: { mark: '~', color: 'yellow' },
  fixed: { mark: '✓', color: 'cyan' },
};

/** `fixed` has the tick of `passed` in another colour. */
export const markOf = (check: Check): (typeof marks)[Standing] => marks[standingOf(check)];

/** `known: EdgeMesh 1.17.0 makes no reservation (KNOWN-003)`, or that it no longer fails; nothing where nothing is known. */
export const sayKnown = ({ ok, known }: Check): string[] =>
  known === undefined ? [] : [`${ok ? 'fixed, was known' : 'known'}: ${describeKnown(known)}`];

/** The command that makes this check again; undefined where nobody knows what the scenario was called. */
export const sayRerun = ({ id, claims }: Check, { called }: Pick<ScenarioRecord, 'called'>): string | undefined =>
  called === undefined ? undefined : `./edgelab run ${quoteWords([...called, '--only', claims[0] ?? id])}`;
