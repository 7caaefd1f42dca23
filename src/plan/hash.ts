/** The identity of a plan: two plans with the same hash build the same lab. */
import { createHash } from 'node:crypto';
import type { Plan } from '../model/plan.ts';

/** sha256 of the plan's canonical JSON (keys sorted at every depth), first 16 hexadecimal digits. */
export const hashPlan = (plan: Plan): string =>
  createHash('sha256')
    .update(JSON.stringify(sortKeys(plan)))
    .digest('hex')
    .slice(0, 16);

const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sortKeys(one)]));
};
