/** All properties, by kind. */
import { I1, I10, I12, I2, I3, I4, I4w, I5, I6, I6L, I7, I8 } from './invariants.js';
import type { Alias, Property, QuorumProperty, VoteProperty } from './property.js';
import { Q1, Q2 } from './quorum.js';
import { S1, S3, S3r, S4, S5, S6, S7, S7v, S8, S8a, S9, SAFETY_ALIASES } from './safety.js';
import { I9, I9a, Z1 } from './zab.js';

const INVARIANTS = [I1, I2, I3, I4, I4w, I5, I6, I6L, I7, I8, I9, I9a, I10, I12] as const;
const SAFETY = [S3, S3r, S4, S5, S6, S7, S7v, S8a, S9, Z1] as const;

/** Claims about behaviours; each says when it is claimed. */
export const PROPERTIES: readonly Property[] = [...INVARIANTS, ...SAFETY];
export const VOTE_PROPERTIES: readonly VoteProperty[] = [S1, S8];
export const QUORUM_PROPERTIES: readonly QuorumProperty[] = [Q1, Q2];
export const ALIASES: readonly Alias[] = SAFETY_ALIASES;

export { FALSE_CLAIMS } from './reachable.js';
export { LIVENESS, type Fairness, type LivenessClaim } from './liveness.js';
export type { FalseClaim } from './false-claim.js';
export * from './property.js';
export { FIXED_CONFIG, LEADER_ASKED, NO_ORACLE, POSITIVE_WEIGHTS, REPORTS_MARKED, ROUNDS_KEPT } from './assumptions.js';
