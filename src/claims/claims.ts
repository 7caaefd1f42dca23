/** The face of the claims room: what the seed documents say, and what the records of runs say about that. Pure. */
import { seed000 } from './seed-000.ts';
import { seed001 } from './seed-001.ts';
import { seed002 } from './seed-002.ts';
import { seed003 } from './seed-003.ts';
import { seed004 } from './seed-004.ts';
import type { Claim, Seed } from './seed.ts';

export { listClaims, listImports } from './citations.ts';
export { settleClaims, type ClaimVerdict, type SettledClaim } from './settle.ts';
export type { Claim, Mark, Seed } from './seed.ts';

/** The whole catalogue, in its order. */
export const seeds: readonly Seed[] = [seed000, seed001, seed002, seed003, seed004];

/** By its id; undefined where no seed has it. */
export const findClaim = (id: string): Claim | undefined => seeds.flatMap(({ claims }) => claims).find((claim) => claim.id === id);
