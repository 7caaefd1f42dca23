/** How much memory a Go compiler may take so that it does not spend its time on collecting garbage, a sixth of it otherwise. */
import { availableParallelism, totalmem } from 'node:os';

/** Bytes that each of the processes must have that may compile at once, so that their garbage may lie. */
const roomy = 4 * 2 ** 30;

/**
 * Settings of Go's runtime (GOGC, GOMEMLIMIT). Most packages need less than 2 GiB in all; where one process for each processor, of two
 * compilers, could not have that much, garbage is collected, if seldom.
 */
export const compilerMemory = (
  { memory, processors } = { memory: totalmem(), processors: availableParallelism() },
): Record<string, string> => (memory / (2 * processors) >= roomy ? { GOGC: 'off', GOMEMLIMIT: '2GiB' } : { GOGC: '400' });
