/** OracleFlip: the oracle's file changes; it is read at every question. */
import { plainStep, type GlobalRule, type Of } from './rule.js';

export const oracleFlip: GlobalRule<Of<'OracleFlip'>> = {
  name: 'OracleFlip',
  whyNot: () => null,
  next: (state) => plainStep({ ...state, oracle: !state.oracle }),
};
