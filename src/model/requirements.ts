/** What the RFCs ask of a NAT, tried against kinds of NAT. */

/**
 * `by design`: it breaks the requirement, as what it stands for does. `fails` and `holds against expectation` are both
 * errors of edgelab. `not measured`: the trial could not be made.
 */
export type RequirementVerdict = 'holds' | 'by design' | 'not applicable' | 'fails' | 'holds against expectation' | 'not measured';

/** One requirement tried against one kind of NAT. */
export type RequirementResult = {
  nat: string;
  /** `RFC4787-3a`. */
  requirement: string;
  verdict: RequirementVerdict;
  /** What was observed, or why it does not apply. */
  seen: string;
  /** Of `by design`: what of its nature breaks it. */
  why?: string;
};

/** In the order of the RFCs, those without a trial included; `level` is the RFC's word (RFC 2119), `untested` why there is no trial. */
export type RequirementsTable = {
  requirements: { id: string; level: string; text: string; untested?: string }[];
  nats: string[];
  results: RequirementResult[];
};
