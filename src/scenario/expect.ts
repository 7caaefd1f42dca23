/** `expect`: what a scenario says should hold. Each expectation becomes a check and never stops its step. */
import { setTimeout as wait } from 'node:timers/promises';
import { inspect, isDeepStrictEqual } from 'node:util';
import { makeTrace, type Scene, type Trace } from '../evidence/evidence.ts';
import type { Check, Evidence, Known, PathVerdict, ReachOutcome } from '../model/check.ts';
import type { Protocol, Wish } from './attempts.ts';
import { toSeconds, type Duration } from './duration.ts';
import { inspectFlows } from './inspect.ts';
import { judge, type Expected, type Judgement } from './judge.ts';
import type { Track } from './open-work.ts';
import { runRound, type Outcome, type RoundSite } from './round.ts';
import { describeSource, describeTarget, idOf, type Source, type Target } from './targets.ts';

/** What should hold of a reach, and how long to try. */
export type ReachOptions = {
  /** `reachable` unless told otherwise. */
  outcome?: ReachOutcome;
  /** Keep trying that long until it holds; once by default. An answer where none was expected fails at once. */
  within?: Duration;
  /** How long one attempt waits for an answer; 2 s by default. */
  timeout?: Duration;
  /** Ids of the claims it proves. */
  claims?: readonly string[];
  /** Ids of the claims that are wrong where it holds: the catalogue says why. */
  refutes?: readonly string[];
  /** Why it may fail: it then counts as a known failure, and as fixed when it holds. */
  known?: Known | undefined;
  /** How it must have gone; one of several if an array. */
  path?: PathVerdict | readonly PathVerdict[];
  /** Source address the server must have seen. */
  source?: string;
  /** `icmp` (ping) for addresses, else HTTP to the echo server, or `udp` to it. */
  protocol?: Protocol;
};

/** One expectation of `reachAll`. */
export type ReachSpec = ReachOptions & { from: Source; to: Target };

/** What came of one expectation. */
export type ReachResult = {
  check: Check;
  from: Source;
  to: Target;
  /** What the captures show of it; empty where there is no capture. */
  request: Trace;
  reply: Trace;
};

/** What a check of `that`, `eventually` or `equal` shows beside its words. */
export type ThatDetails = {
  claims?: readonly string[];
  refutes?: readonly string[];
  known?: Known | undefined;
  /** Columns of the verdict table; where it was looked at, and at what. */
  from?: string;
  to?: string;
  expected?: string;
  observed?: string;
  how?: string;
  evidence?: Evidence[];
};

/**
 * `expect` of a step. What does not hold is a failed check, never a throw; a reach rejects where it could not be tried at all:
 * SCEN003 when the API server does not list the cluster, or what the engine says.
 */
export type Expect = {
  /** From each source to each target, all at once. */
  reach(from: Source | readonly Source[], to: Target | readonly Target[], options?: ReachOptions): Promise<ReachResult[]>;
  /** Many different expectations, probed side by side; results in their order. */
  reachAll(specs: readonly ReachSpec[]): Promise<ReachResult[]>;
  /** True must hold. */
  that(holds: boolean, what: string, details?: ThatDetails): Check;
  /** Looks again until it holds or the time is over; the last look is what the check shows. */
  eventually(what: string, within: Duration, look: () => Promise<ThatDetails & { holds: boolean }>): Promise<Check>;
  /** Deeply equal. */
  equal(actual: unknown, expected: unknown, what: string, details?: ThatDetails): Check;
};

/** The step that expects: where its probes run, the wires of its lab, and who hears of its checks. */
type ExpectSite = {
  round: RoundSite;
  scene: Scene;
  /** Takes each check as it is settled. */
  take: (check: Check) => void;
  track: Track;
};

const usual = { timeoutSeconds: 2, pauseMilliseconds: 250 } as const;

/** Gives one step its `expect`. Reaches are tracked: the step waits for them even where its author does not. */
export const makeExpect = (site: ExpectSite): Expect => {
  const reachAll = (specs: readonly ReachSpec[]): Promise<ReachResult[]> => site.track(reach(site, specs));
  const that: Expect['that'] = (holds, what, details = {}) => {
    const check = makeCheck(holds, what, details);
    site.take(check);
    return check;
  };
  return {
    reachAll,
    reach: (from, to, options = {}) =>
      reachAll(listOf(from).flatMap((source) => listOf(to).map((target) => ({ ...options, from: source, to: target })))),
    that,
    eventually: async (what, within, look) => {
      const began = site.round.now();
      for (;;) {
        const { holds, ...details } = await look();
        const seconds = (site.round.now() - began) / 1000;
        if (holds || seconds >= toSeconds(within)) return that(holds, what, details);
        await wait(usual.pauseMilliseconds, undefined, { signal: site.round.signal });
      }
    },
    equal: (actual, expected, what, details = {}) =>
      that(isDeepStrictEqual(actual, expected), what, { expected: show(expected), observed: show(actual), ...details }),
  };
};

/** Rounds until each expectation holds, is settled for good, or its time is over. */
const reach = async ({ round, scene, take }: ExpectSite, specs: readonly ReachSpec[]): Promise<ReachResult[]> => {
  const began = round.now();
  const wishes = specs.map(toWish);
  const results = new Array<{ outcome: Outcome; judgement: Judgement; seconds: number } | undefined>(specs.length).fill(undefined);
  let open = [...specs.keys()];
  while (open.length > 0) {
    const outcomes = await runRound(
      round,
      open.map((index) => wishes[index]!),
    );
    const seconds = (round.now() - began) / 1000;
    for (const [position, index] of open.entries()) {
      const outcome = outcomes[position]!;
      results[index] = { outcome, judgement: judge(toExpected(specs[index]!), outcome, scene), seconds };
    }
    open = open.filter((index) => {
      const { ok, final } = results[index]!.judgement;
      return !ok && !final && seconds < toSeconds(specs[index]!.within ?? 0);
    });
    if (open.length > 0) await wait(usual.pauseMilliseconds, undefined, { signal: round.signal });
  }
  const unexpected = [...specs.keys()].filter((index) => !results[index]!.judgement.ok);
  const inspected = await inspectFlows(
    round,
    unexpected.map((index) => results[index]!.outcome),
  );
  return specs.map((spec, index) => {
    const { outcome, judgement, seconds } = results[index]!;
    const { final: _, ...verdict } = judgement;
    const [probe, ...hops] = verdict.evidence;
    const check: Check = {
      id: `${idOf(spec.from, spec.to)}${suffixOf(wishes[index]!)}`,
      ...labelsOf(spec),
      from: describeSource(spec.from),
      to: `${describeTarget(spec.to)}${{ http: '', udp: ' (udp)', icmp: ' (ping)' }[wishes[index]!.protocol]}`,
      ...verdict,
      evidence: [...(probe ? [probe] : []), ...(inspected[unexpected.indexOf(index)] ?? []), ...hops],
      seconds: Math.round(seconds * 100) / 100,
    };
    take(check);
    const [request, reply] = [outcome.flow?.requests ?? [], outcome.flow?.replies ?? []];
    return {
      check,
      from: spec.from,
      to: spec.to,
      request: makeTrace(request, scene, outcome.captured),
      reply: makeTrace(reply, scene, outcome.captured),
    };
  });
};

const toWish = ({ from, to, protocol, outcome = 'reachable', timeout }: ReachSpec): Wish => ({
  from,
  to,
  outcome,
  protocol: to.kind === 'address' || to.kind === 'node' ? 'icmp' : (protocol ?? 'http'),
  timeoutSeconds: timeout === undefined ? usual.timeoutSeconds : toSeconds(timeout),
});

/** Of the check's id; addresses are always pinged, and what nothing is said of is HTTP. */
const suffixOf = ({ protocol, to }: Wish): string => {
  if (protocol === 'http' || (protocol === 'icmp' && (to.kind === 'address' || to.kind === 'node'))) return '';
  return `/${protocol}`;
};

const toExpected = ({ outcome = 'reachable', path, source }: ReachSpec): Expected => ({
  outcome,
  ...(path === undefined ? {} : { path: listOf(path) }),
  ...(source === undefined ? {} : { source }),
});

const makeCheck = (ok: boolean, what: string, details: ThatDetails): Check => {
  const { from = '', to = what, expected = 'yes', observed = ok ? 'yes' : 'no', how = what, evidence } = details;
  const id = `${from === '' ? '' : `${from}>`}${what}`.replaceAll(/\s+/g, '-');
  const found = evidence && evidence.length > 0 ? evidence : [{ at: from === '' ? 'lab' : from, saw: `${what}: ${observed}` }];
  return { id, ...labelsOf(details), from, to, expected, observed, ok, how, evidence: found, seconds: 0 };
};

type Labels = Pick<ThatDetails, 'claims' | 'refutes' | 'known'>;

const labelsOf = ({ claims = [], refutes = [], known }: Labels): Pick<Check, 'claims' | 'refutes' | 'known'> => ({
  claims: [...claims],
  ...(refutes.length === 0 ? {} : { refutes: [...refutes] }),
  ...(known === undefined ? {} : { known }),
});

const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? (value as readonly T[]) : [value as T]);

const show = (value: unknown): string => (typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, depth: 4 }));
