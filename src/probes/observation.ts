/** What a probe gives: how the attempt ended and what the other side said. */
import type { ReachOutcome } from '../model/check.ts';

/** Result of the probe's program, as any program's. */
export type ProbeResult = { code: number; stdout: string; stderr: string };

/** How one attempt ended, as its reader understood the program's code and output. */
export type Observation = {
  outcome: ReachOutcome;
  /** In words, for the verdict: `no answer in 2 s`. */
  why: string;
  /** Name the server gave (HTTP, UDP): its pod's. */
  server?: string;
  /** `address:port` the server saw as the source (HTTP, UDP). */
  sourceSeen?: string;
  /** Until the connection was open, or the round trip (ping). */
  milliseconds?: number;
  /** Address a name was resolved to; absent when no name was asked for or none was found. */
  resolved?: string;
  /** The source port that was used (HTTP, UDP). */
  localPort?: number;
  /** True when the attempt ended at the name lookup. */
  lookupFailed?: boolean;
};

/** The attempt could not be made: never to be taken for "blocked". */
export const inconclusive = (why: string): Observation => ({ outcome: 'inconclusive', why });

/** What an errno of connect(2) means for reachability; undefined for those that say nothing about the network. */
export const outcomeOfErrno = (text: string): ReachOutcome | undefined => {
  if (/connection refused/i.test(text)) return 'refused';
  if (/no route to host|(network|host) is (unreachable|down)/i.test(text)) return 'unreachable';
  if (/timed out/i.test(text)) return 'timeout';
  return undefined;
};

/** The last line that says something, for errors no reader knows. */
export const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';
