/** From records of runs to a verdict for each claim. Nothing is proved but by a check that ran. */
import { describeKnown, standingOf } from '../lib/standing.ts';
import type { CheckRecord, VerdictRecord } from '../model/record.ts';
import type { Claim, Seed } from './seed.ts';

/**
 * - `proved`, `refuted`: checks ran, and this is what they say of it; a known failure refutes it, for its reason.
 * - `failed`: a check that cites it ran and did not hold.
 * - `not testable here`: no lab can test it, or this machine lacks an image for the scenario that would.
 * - `not run here`: a scenario cites it, and no record of a run on this machine does.
 * - `not covered`: no scenario cites it.
 */
export type ClaimVerdict = 'proved' | 'refuted' | 'failed' | 'not testable here' | 'not run here' | 'not covered';

/** A claim and what runs on this machine say of it; `why` puts that into words. */
export type SettledClaim = Claim & {
  verdict: ClaimVerdict;
  /** The scenario that settled it, or the first that would. */
  scenario?: string;
  why: string;
  /** True when a check ran that cites it. */
  executed: boolean;
  /** When that run began (ISO 8601), and on which lab. */
  at?: string;
  lab?: string;
};

/** Scenario → claims that its files cite. */
type Citations = ReadonlyMap<string, ReadonlySet<string>>;

/** Of each scenario that is still there the newest record counts; a user's own settle nothing. In the order of the catalogue. */
export const settleClaims = (seeds: readonly Seed[], records: readonly VerdictRecord[], citations: Citations): SettledClaim[] => {
  const newest = new Map<string, VerdictRecord>();
  const own = records.filter(({ scenario }) => citations.has(scenario));
  for (const record of own.toSorted((a, b) => (a.at < b.at ? -1 : 1))) newest.set(record.scenario, record);
  return seeds.flatMap(({ claims }) => claims.map((claim) => ({ ...claim, ...settle(claim, [...newest.values()], citations) })));
};

type Settlement = Omit<SettledClaim, keyof Claim>;
type Ran = { record: VerdictRecord; check: CheckRecord };

const settle = (claim: Claim, records: readonly VerdictRecord[], citations: Citations): Settlement => {
  const ran = records.flatMap((record) => record.checks.filter((check) => cites(check, claim.id)).map((check): Ran => ({ record, check })));
  if (ran.length > 0) return judge(claim, ran);
  if (claim.untestable !== undefined) return { verdict: 'not testable here', why: claim.untestable, executed: false };
  const citing = [...citations].filter(([, ids]) => ids.has(claim.id)).map(([scenario]) => scenario);
  const [scenario] = citing;
  if (scenario === undefined) return { verdict: 'not covered', why: 'no scenario cites it', executed: false };
  const skipped = records.find((record) => citing.includes(record.scenario) && record.verdict === 'skipped');
  if (skipped?.reason !== undefined)
    return { verdict: 'not testable here', scenario: skipped.scenario, why: `skipped: ${skipped.reason}`, executed: false, at: skipped.at };
  const unreached = records.find((record) => citing.includes(record.scenario));
  const why = unreached ? `the last run of ${unreached.scenario} did not come to it` : `./edgelab run ${scenario}`;
  return { verdict: 'not run here', scenario: unreached?.scenario ?? scenario, why, executed: false };
};

const cites = ({ claims, refutes = [] }: CheckRecord, id: string): boolean => claims.includes(id) || refutes.includes(id);

/** One check that did not hold decides; else one that refutes; else all prove. */
const judge = (claim: Claim, ran: readonly Ran[]): Settlement => {
  const failed = ran.find(({ check }) => standingOf(check) === 'failed');
  const refuting = ran.find(({ check }) => standingOf(check) === 'known' || check.refutes?.includes(claim.id) === true);
  const { record, check } = failed ?? refuting ?? ran[0]!;
  const verdict = failed ? 'failed' : refuting ? 'refuted' : 'proved';
  const words = check.ok ? claim.wrong : check.known && describeKnown(check.known);
  const reason = verdict === 'refuted' && words !== undefined ? `${words}; seen: ` : '';
  return {
    verdict,
    scenario: record.scenario,
    why: `${reason}${describe(check)}${ran.length > 1 ? ` (${ran.length} checks)` : ''}`,
    executed: true,
    at: record.at,
    ...(record.lab === undefined ? {} : { lab: record.lab }),
  };
};

const describe = ({ from, to, expected, observed, ok, how }: CheckRecord): string => {
  const ends = [from, to].filter((end) => end !== '').join(' to ');
  const what = how === to ? '' : `; ${how}`;
  return `${ends}: ${ok ? observed : `expected ${expected}, observed ${observed}`}${what}`;
};
