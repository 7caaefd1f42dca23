/** A claim of a seed document, and how it was put there. */

/**
 * How the document puts it: `shown` with output, `explained` in words, `step` to be taken, `trouble` with its cure, or
 * `wrong` as a whole. One of the others may be wrong in part: then it has `wrong` as well.
 */
export type Mark = 'shown' | 'explained' | 'step' | 'trouble' | 'wrong';

/** One statement of a document, in words of our own. */
export type Claim = {
  /** `S000-Q1-7`: document, section, number. Permanent. */
  id: string;
  mark: Mark;
  /** What it says, in short. */
  text: string;
  /** What is wrong, contradictory or outdated in it: checks refute it. */
  wrong?: string;
  /** Why no lab can test it. */
  untestable?: string;
};

/** A document by its claims, whose ids begin with its own. */
export type Seed = { id: string; title: string; claims: readonly Claim[] };
