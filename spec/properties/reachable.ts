/**
 * The tempting and false claims together. A model that can take no step which refutes one of them is too poor to be
 * trusted with the true ones.
 */
import type { FalseClaim } from './false-claim.js';
import { W1, W2, W3, W4, W5, W6, W7, W16, W18 } from './reachable-decisions.js';
import { W8, W9, W10, W11, W12, W13, W14, W15, W17, W19, W20 } from './reachable-messages.js';

const OF_DECISIONS = [W1, W2, W3, W4, W5, W6, W7, W16, W18] as const;
const OF_MESSAGES = [W8, W9, W10, W11, W12, W13, W14, W15, W17, W19, W20] as const;

export const FALSE_CLAIMS: readonly FalseClaim[] = [...OF_DECISIONS, ...OF_MESSAGES];
