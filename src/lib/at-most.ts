/** A bound on work done at once: the one place that knows the package for it. */
import pLimit from 'p-limit';

/** `atMost(16)` runs what it is given, sixteen at a time, in the order in which it was asked; `.map` gives results in the order of the things. */
export const atMost = pLimit;
