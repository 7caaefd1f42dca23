/** A lab of topologies/ with another name, other NATs or other versions; what cannot work together is let through, for a grid shows it. */
import { readFile } from 'node:fs/promises';
import { isError } from '../lib/diagnostics.ts';
import { isForcible } from '../lib/error-codes.ts';
import type { Change } from '../topology/topology.ts';
import { BadInput } from './bad-input.ts';
import type { LoadedTopology } from './topology-file.ts';

/** `doubts`: why what it installs is not meant to work together. */
export type Variant = LoadedTopology & { doubts: string[] };

/** `file` is absolute. BadInput where the changed topology has errors that --force does not forgive. */
export const loadVariant = async (file: string, change: Change): Promise<Variant> => {
  const { makePlan } = await import('../plan/plan.ts');
  const { readTopology, varyTopology } = await import('../topology/topology.ts');
  const text = varyTopology(await readFile(file, 'utf8'), change);
  const { lab, diagnostics } = readTopology(text, file, { force: true });
  const { plan, diagnostics: planned } = lab && !diagnostics.some(isError) ? makePlan(lab) : { diagnostics: [] };
  if (!lab || !plan) throw new BadInput([...diagnostics, ...planned], new Map([[file, text]]));
  return { lab, plan, file, doubts: diagnostics.filter(({ code }) => isForcible(code)).map(({ message }) => message) };
};
