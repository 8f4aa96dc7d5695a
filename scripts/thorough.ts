/** How much is tried: `npm test` has three minutes; `npm run evidence` and ZABCHECK_THOROUGH=1 try all. */
export const THOROUGH = process.env['ZABCHECK_THOROUGH'] === '1';

/** So many of `all` cases; a quarter where time is short. */
export const manyOf = (all: number): number => (THOROUGH ? all : Math.ceil(all / 4));
