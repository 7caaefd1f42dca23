/** Labels on what a lab owns in Docker: the only state edgelab keeps, and the only way it finds its things again. */
import type { Owned, Ownership } from '../engine.ts';

const prefix = 'edgelab.';
const labLabel = `${prefix}lab`;

type Labels = Record<string, string>;

/** The part of a thing that its labels say. */
export type Labelled = Pick<Owned, 'name' | 'lab' | 'planHash' | 'topology' | 'role' | 'site'>;

/** `edgelab.lab`, `.kind`, `.name`, `.plan` (its hash), `.topology`, and where there are any `.role` and `.site`. */
export function writeLabels(owner: Ownership, kind: Owned['kind'], name: string, more: { role?: string; site?: string } = {}): Labels {
  const all = { lab: owner.lab, kind, name, plan: owner.planHash, topology: owner.topology, ...more };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [prefix + key, value]));
}

/** Undefined for a thing that is not edgelab's. */
export function readLabels(labels: Labels | null | undefined): Labelled | undefined {
  const read = (key: string) => labels?.[prefix + key];
  const lab = read('lab');
  const name = read('name');
  if (lab === undefined || name === undefined) return undefined;
  const role = read('role');
  const site = read('site');
  return { name, lab, planHash: read('plan') ?? '', topology: read('topology') ?? '', ...(role && { role }), ...(site && { site }) };
}

/** Docker's filter for all things of a lab, of all labs, or for one thing by name. */
export function labelFilter(lab?: string, name?: string): { label: string[] } {
  const label = [lab === undefined ? labLabel : `${labLabel}=${lab}`];
  if (name !== undefined) label.push(`${prefix}name=${name}`);
  return { label };
}

/** Name of a container or network in Docker, for people; a dot, which no lab's name has, keeps lab `a` with `b-c` apart from `a-b` with `c`. */
export function dockerName(lab: string, name: string): string {
  return `edgelab-${lab}.${name}`;
}
