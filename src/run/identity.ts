/** What a lab was made from, as the short text its labels carry. */
import { createHash } from 'node:crypto';
import type { ImageBinding } from '../model/image.ts';
import type { Plan } from '../model/plan.ts';
import { hashPlan } from '../plan/plan.ts';

/** `<hash of the plan>-<hash of the image references>`; a lab is only reused when both are the same. */
export const identify = (plan: Plan, images: ImageBinding): string => {
  const refs = [...images.refs].sort(([a], [b]) => (a < b ? -1 : 1));
  const bound = JSON.stringify([refs, images.storeVolume ?? null]);
  return `${hashPlan(plan)}-${createHash('sha256').update(bound).digest('hex').slice(0, 8)}`;
};

/** Says in which half two identities differ. */
export const compareIdentities = (found: string, wanted: string): 'same' | 'topology changed' | 'images changed' => {
  if (found === wanted) return 'same';
  return found.split('-')[0] === wanted.split('-')[0] ? 'images changed' : 'topology changed';
};
