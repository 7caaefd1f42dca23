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
  /** The flow was not seen any further. */
  last?: true;
};

/**
 * How a flow went between its ends, in one word.
 * - `local`: it never left the node.
 * - `direct`: nobody but routers of the lab between the ends: one segment, or a tunnel from end to end.
 * - `routed`: no tunnel; containers in `through` forwarded it, in this order.
 * - `relayed`: a third party of the tunnel passed it on.
 * - `gateway`: the gateway of a tunnel passed it on.
 * - `lost`: it set out, and it or its answer did not arrive; `at` is where it was seen last.
 * - `unknown`: no capture and no record shows it.
 */
export type PathVerdict = 'local' | 'direct' | 'routed' | 'relayed' | 'gateway' | 'lost' | 'unknown';

/** How one flow went, as captures and the records of tunnels show it. */
export type Path = {
  kind: PathVerdict;
  /** Containers that forwarded it, in order. */
  through: string[];
  /** What made it so: the relay or gateway, or how the ends found each other; for tunnels. */
  by?: string;
  /** Where it was lost. */
  at?: string;
  /** Source address that the far end saw instead of the sender's own. */
  rewritten?: string;
};

/** A failure that is known and not edgelab's to mend, such as a bug of a component. */
export type Known = {
  reason: string;
  /** Where it is told of: an id, or an address. */
  issue?: string;
};

/** One expectation of a scenario and what came of it. */
export type Check = {
  /** Stable id inside its scenario: `cloud>podIP:edge-a1`. */
  id: string;
  /** Claims of the seed documents it proves, e.g. `S000-Q1-7`. */
  claims: string[];
  /** Claims that are wrong where it holds: it shows the opposite. */
  refutes?: string[];
  from: string;
  to: string;
  /** For `expect.reach` a ReachOutcome; for other expectations free text. */
  expected: string;
  observed: string;
  ok: boolean;
  /** Why it may fail; one that holds all the same is fixed. */
  known?: Known;
  /** One line for the table: how the flow went, or where it was last seen. */
  how: string;
  /** For `expect.reach` where a capture shows it. */
  path?: Path;
  /** Source address that the server says it saw, for HTTP. */
  sourceSeen?: string;
  evidence: Evidence[];
  seconds: number;
};

/**
 * - `known`: what failed in it is known to fail, and nothing else did.
 * - `skipped`: it was not run, because this machine lacks something it needs; never counted as passed.
 */
export type Verdict = 'passed' | 'failed' | 'known' | 'skipped';

/** Of one check. `known`: it did not hold, as is known; `fixed`: it held although it is known to fail. */
export type Standing = 'passed' | 'failed' | 'known' | 'fixed';
