/** What a scenario expected, what it saw, and why: the row of a verdict table. */

/** How a reachability attempt ended. `inconclusive`: the attempt itself could not be made; it never counts as blocked. */
export type ReachOutcome = 'reachable' | 'refused' | 'timeout' | 'unreachable' | 'inconclusive';

/** One thing seen on the way of a flow, in order: evidence for the verdict. */
export type Evidence = {
  /** Where: `edge-a1 eth0`, `lan-a-router wan0`. */
  at: string;
  /** What was seen there, in words. */
  saw: string;
  /** Raw line(s) behind it (a capture line, an HTTP body); optional. */
  raw?: string;
};

/**
 * How a flow went between its ends. `local`: it never left the node. `direct`: one segment, nobody between the ends.
 * `routed`: containers in `through` forwarded it, in this order. `unknown`: no capture shows it.
 */
export type Path = { kind: 'local' | 'direct' | 'routed' | 'unknown'; through: string[] };

export type Check = {
  /** Stable id inside its scenario: `cloud>podIP:edge-a1`. */
  id: string;
  /** Claims of the seed documents it proves, e.g. `S000-Q1-7`. */
  claims: string[];
  from: string;
  to: string;
  /** For `expect.reach` a ReachOutcome; for other expectations free text. */
  expected: string;
  observed: string;
  ok: boolean;
  /** One line for the table: how the flow went, or where it was last seen. */
  how: string;
  /** For `expect.reach` where a capture shows it. */
  path?: Path;
  /** Source address that the server says it saw, for HTTP. */
  sourceSeen?: string;
  evidence: Evidence[];
  seconds: number;
};

export type Verdict = 'passed' | 'failed';
